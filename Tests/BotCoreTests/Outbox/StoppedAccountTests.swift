import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct StoppedAccountTests {
    private func failed(_ id: MessageID) -> DeliveryReport {
        DeliveryReport(row: nil, message: id, event: .failed(.sample(.stopAccount)), at: .monday)
    }

    private func attempts(_ bot: BotUnderTest) async throws -> Int {
        try await bot.count("SELECT SUM(attempts) AS n FROM outbox")
    }

    @Test func `a reply that tries is still that after the clock was set back`() {
        var stop = AccountStop(code: "code", at: .monday, isLate: false)
        stop.begin(1)
        stop.move(by: -3_600)
        stop.end(2)
        #expect(stop.trial?.row == 1)
        stop.end(1)
        #expect(stop.trial == nil)
    }

    @Test func `after each rest one reply tries, and when it went out all go; one alert`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...4 { bot.provider.script(.failure(.sample(.stopAccount))) }
        try await bot.run {
            try await bot.send("a", to: .sample("a"))
            #expect(await bot.isQuiet())
            for person in ["b", "c", "d"] { try await bot.send(person, to: .sample(person)) }
            for tries in 2...4 {
                await bot.pass(.milliseconds(599_999))
                #expect(bot.provider.sendings.count == tries - 1)
                await bot.pass(.milliseconds(1))
                #expect(bot.provider.sendings.count == tries)
            }
            await bot.pass(.seconds(600))
            #expect(await eventually { Set(bot.provider.texts) == ["a", "b", "c", "d"] })
            #expect(bot.log.alerts == ["account_stopped"])
            #expect(try await attempts(bot) == 8)
            // The next trouble is told again.
            bot.provider.script(.failure(.sample(.stopAccount)))
            await bot.pass(.seconds(1))
            try await bot.send("e", to: .sample("a"))
            #expect(await bot.isQuiet())
            #expect(bot.log.alerts == ["account_stopped", "account_stopped"])
        }
    }

    @Test func `another reason is told as well`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(
            .failure(.sample(.stopAccount, code: "190")), .failure(.sample(.stopAccount, code: "131031")))
        try await bot.run {
            try await bot.send("a")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(1_200), in: 2)
            #expect(await bot.sent("a"))
        }
        #expect(bot.log.alerts == ["account_stopped", "account_stopped"])
    }

    @Test(arguments: ["600", "0"])
    func `a failure before the network was asked is no attempt`(_ rest: String) async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_STOPPED_ACCOUNT_SECONDS": rest] }
        var failure = SendFailure.sample(.stopAccount)
        failure.wasTried = false
        for _ in 1...5 { bot.provider.script(.failure(failure)) }
        try await bot.run {
            try await bot.send("a")
            #expect(await bot.isQuiet())
            for _ in 1...4 { await bot.pass(.seconds(600)) }
            #expect(bot.provider.sendings.count == 5)
            #expect(try await attempts(bot) == 0)
            await bot.pass(.seconds(600))
            #expect(await bot.sent("a"))
        }
        #expect(try await attempts(bot) == 1)
        #expect(bot.provider.sendings.allSatisfy { $0.message.attempt == 0 })
        #expect(bot.log.alerts == ["account_stopped"])
    }

    @Test func `a rest does not slow the account down`() async throws {
        let pace = try #require(Pace(interval: .milliseconds(100), burst: 1))
        let bot = try await BotUnderTest { $0.abilities.accountPace = pace }
        for _ in 1...4 { bot.provider.script(.failure(.sample(.stopAccount))) }
        try await bot.run {
            try await bot.send("0", to: .sample("p0"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(2_400), in: 4)
            #expect(await bot.sent("0"))
            await bot.pass(.seconds(1))
            for person in 1...11 { try await bot.send("\(person)", to: .sample("p\(person)")) }
            await bot.pass(.seconds(2), in: 200)
            #expect(bot.provider.texts.count == 12)
        }
        let times = bot.provider.accepted.dropFirst().map(\.at)
        let span = try #require(times.last).timeIntervalSince(try #require(times.first))
        #expect(abs(span - 1) < 0.02, "eleven replies took \(span) s")
    }

    @Test func `a gate counts the complaints about what was under way together as one`() throws {
        var gate = AccountGate()
        let pace = try #require(Pace(interval: .seconds(1), burst: 1))
        for _ in 1...64 {
            gate.hold(until: .monday.addingTimeInterval(1), at: .monday)
            gate.noteSuccess()
        }
        // Nothing went out at the new pace yet, so it is not too fast.
        var offline = AccountGate()
        for second in 0..<20 {
            let now = Date.monday.addingTimeInterval(Double(second))
            offline.hold(until: now.addingTimeInterval(1), at: now)
        }
        let free = Date.monday.addingTimeInterval(60)
        gate.spend("a:b", by: pace, at: free)
        offline.spend("a:b", by: pace, at: free)
        #expect(gate.earliest(for: "a:b", by: pace, at: free) <= free.addingTimeInterval(2))
        #expect(offline.earliest(for: "a:b", by: pace, at: free) == free.addingTimeInterval(2))
    }

    @Test func `where refusals come late, the others wait for news of the reply that tries`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("a", to: .sample("a"))
            #expect(await bot.sent("a"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed("net-1"))
            try await bot.send("b", to: .sample("b"))
            for tries in 2...3 {
                await bot.pass(.seconds(600))
                #expect(bot.provider.accepted.count == tries)
                try await bot.core.outbox.report(failed(try #require(bot.provider.accepted.last?.id)))
                #expect(await bot.isQuiet())
            }
            #expect(bot.log.alerts == ["account_stopped"])
            await bot.pass(.seconds(600))
            #expect(bot.provider.accepted.count == 4)
            let id = try #require(bot.provider.accepted.last?.id)
            try await bot.core.outbox.report(
                DeliveryReport(row: nil, message: id, event: .reached(.sent), at: .monday))
            #expect(await eventually { bot.provider.accepted.count == 5 })
        }
    }

    @Test func `without any news the reply that tries counts as gone out`() async throws {
        let bot = try await BotUnderTest { $0.abilities.lostAnswerWait = .seconds(45) }
        try await bot.run {
            try await bot.send("a", to: .sample("a"))
            #expect(await bot.sent("a"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(failed("net-1"))
            try await bot.send("b", to: .sample("b"))
            await bot.pass(.seconds(600))
            await bot.pass(.milliseconds(44_999))
            #expect(bot.provider.accepted.count == 2)
            await bot.pass(.milliseconds(1))
            #expect(await eventually { bot.provider.accepted.count == 3 })
        }
    }
}
