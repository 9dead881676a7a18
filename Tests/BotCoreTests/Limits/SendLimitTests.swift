import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// The limits on what goes out: to a chat, from an account, to strangers.
@Suite(.timeLimit(.minutes(1))) struct SendLimitTests: SendLimitSuite {
    // MARK: - A chat

    @Test func `the twenty-first reply of a minute waits, and the order is kept`() async throws {
        let bot = try await bot(["SEND_LIMIT_PER_CHAT": "20"])
        try await bot.run {
            for number in 1...23 {
                // 1 at 0 s, 2 at 1 s, …
                if number > 1, number <= 20 { await bot.pass(.seconds(1)) }
                try await bot.send("\(number)")
                #expect(await bot.isQuiet())
            }
            try await bot.send("other", to: .sample("omer"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts(in: .sample()).count == 20)
            #expect(bot.provider.texts(in: .sample("omer")) == ["other"])
            await bot.pass(.milliseconds(40_999))
            #expect(bot.provider.texts(in: .sample()).count == 20)
            await bot.pass(.milliseconds(1))
            await bot.pass(.seconds(2), in: 2)
            #expect(bot.provider.texts(in: .sample()) == (1...23).map { "\($0)" })
        }
        #expect(seconds(bot).suffix(3) == [60, 61, 62])
        #expect(try await bot.outboxStates().allSatisfy { $0 == "done" })
    }

    @Test func `what went to a chat before a restart counts`() async throws {
        let first = try await bot(["SEND_LIMIT_PER_CHAT": "20"])
        try await first.run {
            for number in 1...15 { try await first.send("\(number)") }
            #expect(await first.isQuiet())
        }
        let second = try await bot(
            ["SEND_LIMIT_PER_CHAT": "20"], over: first.database.real, at: .monday.adding(.seconds(30)))
        try await second.run {
            for number in 16...21 { try await second.send("\(number)") }
            #expect(await second.isQuiet())
            #expect(second.provider.texts.count == 5)
            await second.pass(.milliseconds(29_999))
            #expect(second.provider.texts.count == 5)
            await second.pass(.milliseconds(1))
            #expect(second.provider.texts.count == 6)
        }
    }

    @Test(arguments: [false, true])
    func `a clock that is set back by an hour makes nobody wait longer`(_ restarts: Bool) async throws {
        let first = try await bot(["SEND_LIMIT_PER_CHAT": "2"])
        try await first.run {
            try await first.send("1", "2")
            #expect(await first.isQuiet())
            guard !restarts else { return }
            first.time.advance(by: .seconds(-3_600))
            try await first.send("3")
            #expect(await first.isQuiet())
            #expect(first.provider.texts.count == 2)
            await first.pass(.seconds(60))
            #expect(first.provider.texts == ["1", "2", "3"])
        }
        guard restarts else { return }
        let second = try await bot(
            ["SEND_LIMIT_PER_CHAT": "2"], over: first.database.real, at: .monday.adding(.seconds(-3_600)))
        try await second.run {
            try await second.send("3")
            #expect(await second.isQuiet())
            #expect(second.provider.texts.isEmpty)
            await second.pass(.seconds(60))
            #expect(second.provider.texts == ["3"])
        }
    }

    // MARK: - An account

    @Test func `the five thousand and first reply of an hour waits, over a restart too, and the operator is told once`()
        async throws
    {
        let first = try await BotUnderTest()
        // Fifty minutes ago, and half an hour ago.
        try await first.database.storeSent(1, at: .monday.adding(.seconds(-3_000)))
        try await first.database.storeSent(4_998, at: .monday.adding(.seconds(-1_800)), from: 2)
        let bot = try await bot(["SEND_LIMIT_PER_ACCOUNT": "5000"], over: first.database.real)
        try await bot.run {
            try await bot.send("5000", to: .sample("a"))
            #expect(await bot.sent("5000"))
            try await bot.send("5001", to: .sample("b"))
            try await bot.send("5002", to: .sample("c"))
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(599_999))
            #expect(bot.provider.texts == ["5000"])
            #expect(bot.log.alerts == ["send_limit"])
            await bot.pass(.milliseconds(1))
            #expect(await bot.sent("5000", "5001"))
            await bot.pass(.seconds(1_199), in: 2)
            #expect(bot.provider.texts.count == 2)
            await bot.pass(.seconds(3))
            #expect(await bot.sent("5000", "5001", "5002"))
        }
        #expect(bot.log.alerts == ["send_limit"])
    }

    @Test func `a gate lets five thousand through in any hour`() {
        var gate = AccountGate(perHour: 5_000)
        for index in 0..<5_000 {
            let now = Date.monday.addingTimeInterval(Double(index) / 10)
            #expect(gate.earliest(for: "a:b", by: nil, at: now) == now)
            gate.noteSending(toStranger: false, at: now)
        }
        let now = Date.monday.addingTimeInterval(500)
        let free = Date.monday.addingTimeInterval(3_600)
        #expect(gate.earliest(for: "a:b", by: nil, at: now) == free)
        #expect(gate.earliest(for: "a:b", by: nil, at: free) == free)
        gate.noteSending(toStranger: false, at: free)
        #expect(gate.earliest(for: "a:b", by: nil, at: free).milliseconds == free.milliseconds + 100)
        // Who waits gets a place of their own.
        let places = (1...3).map { _ in gate.place(for: "a:b", by: nil, at: free) }
        #expect(places[0] < places[1] && places[1] < places[2])
        // The clock is set back, and nobody waits longer for it.
        gate.move(by: -3_600)
        #expect(gate.earliest(for: "a:b", by: nil, at: .monday).milliseconds == Date.monday.milliseconds + 100)
    }

    // MARK: - Strangers

    @Test func `the hundred and first reply of an hour to people who never wrote waits, others do not`() async throws {
        let first = try await BotUnderTest()
        try await first.database.storeSent(99, at: .monday.adding(.seconds(-1_800)))
        let bot = try await bot(["SEND_LIMIT_STRANGERS": "100"], over: first.database.real)
        try await bot.run {
            try await bot.send("100", to: .sample("a"))
            #expect(await bot.sent("100"))
            try await bot.send("101", to: .sample("b"))
            try await bot.receive(.sample("hi"))
            #expect(await bot.sent("100", "re: hi"))
            // Who is written to and answers is no stranger any more.
            try await bot.receive(.sample("who is this?", from: "b"))
            #expect(await eventually { bot.provider.texts(in: .sample("b")) == ["101", "re: who is this?"] })
            try await bot.send("102", to: .sample("c"))
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(1_799_999))
            #expect(bot.provider.texts(in: .sample("c")) == [])
            await bot.pass(.milliseconds(1))
            #expect(await eventually { bot.provider.texts(in: .sample("c")) == ["102"] })
        }
        #expect(bot.log.alerts == [])
    }

    @Test func `an answer asks the store nothing about strangers`() async throws {
        let bot = try await bot(["SEND_LIMIT_STRANGERS": "1"])
        try await bot.run {
            for _ in 1...3 { try await bot.receive(.sample("hi"), .sample("hi", group: "g", mentionsBot: true)) }
            #expect(await eventually { bot.provider.texts.count == 6 })
        }
        #expect(bot.database.count("AS heard FROM inbox") == 0)
    }

    @Test func `a member who wrote before the start is no stranger`() async throws {
        let first = try await BotUnderTest()
        try await first.run {
            try await first.receive(.sample("hi"))
            #expect(await first.sent("re: hi"))
        }
        let bot = try await bot(["SEND_LIMIT_STRANGERS": "1"], over: first.database.real)
        try await bot.run {
            for number in 1...3 { try await bot.send("\(number)") }
            #expect(await bot.sent("1", "2", "3"))
        }
    }

    // MARK: - Off

    @Test func `0 turns each off`() async throws {
        let first = try await BotUnderTest()
        try await first.database.storeSent(6_000, at: .monday)
        let bot = try await bot([:], over: first.database.real)
        try await bot.run {
            for number in 1...40 { try await bot.send("\(number)", to: .sample(number <= 25 ? "a" : "b\(number)")) }
            #expect(await eventually { bot.provider.texts.count == 40 })
        }
        #expect(bot.log.alerts == [])
    }
}
