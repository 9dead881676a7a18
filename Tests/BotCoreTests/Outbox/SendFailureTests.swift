import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct SendFailureTests {
    /// When each attempt to send was made, in seconds after the start.
    private func times(_ bot: BotUnderTest) -> [Double] {
        bot.provider.sendings.map { $0.at.timeIntervalSince(.monday) }
    }

    @Test func `tries again with a back-off that doubles up to its cap, with jitter`() async throws {
        let bot = try await BotUnderTest {
            $0.settings = ["OUTBOX_RETRY_MILLISECONDS": "1000", "OUTBOX_RETRY_MAX_SECONDS": "8"]
        }
        for _ in 1...6 { bot.provider.script(.failure(.sample(.retry(after: nil)))) }
        try await bot.run {
            try await bot.send("hello")
            for attempt in 1...6 {
                #expect(await eventually { bot.provider.sendings.count == attempt })
                #expect(await bot.isQuiet())
                while bot.provider.sendings.count == attempt { await bot.pass(.milliseconds(50)) }
            }
            #expect(await bot.sent("hello"))
        }
        let times = times(bot)
        for (index, base) in [1.0, 2, 4, 8, 8, 8].enumerated() {
            let wait = times[index + 1] - times[index]
            #expect(wait >= base / 2 && wait <= base + 0.05, "wait \(index) is \(wait)")
        }
        #expect(bot.provider.sendings.map { $0.message.attempt } == [0, 1, 2, 3, 4, 5, 6])
    }

    @Test func `does not come back before the network wants it`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.retry(after: .seconds(90)))))
        try await bot.run {
            try await bot.send("hello", "world")
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(89_999))
            #expect(bot.provider.sendings.count == 1)
            await bot.pass(.milliseconds(1))
            #expect(await bot.sent("hello", "world"))
        }
    }

    @Test func `repeats an uncertain send once, and then gives it up`() async throws {
        let bot = try await BotUnderTest { $0.abilities.lostAnswerWait = .seconds(45) }
        bot.provider.script(.broken, .failure(.sample(.uncertain)))
        try await bot.run {
            try await bot.send("hello", "world")
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(44_999))
            #expect(bot.provider.sendings.count == 1)
            await bot.pass(.milliseconds(1))
            #expect(await eventually { bot.provider.sendings.count == 2 })
            await bot.pass(.seconds(45))
            #expect(await bot.sent("world"))
        }
        #expect(try await bot.outboxStates() == ["dead", "done"])
        #expect(try await bot.database.deadLetters().map(\.problem) == ["uncertain"])
        #expect(bot.log.alerts == ["dead_letter"])
    }

    @Test func `a definite failure of which the store takes no note is not a doubt`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.retry(after: nil))), .failure(.sample(.retry(after: nil))))
        bot.database.fail("UPDATE outbox SET state = ?", times: 2)
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            for _ in 1...3 { await bot.pass(.seconds(5)) }
            #expect(await bot.sent("hello"))
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox WHERE repeated = 1") == 0)
    }

    @Test func `holds a chat four times longer with each complaint in a row, and no other chat`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...3 { bot.provider.script(.failure(.sample(.holdChat(.seconds(6)))), for: .sample()) }
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            try await bot.send("hi", to: .sample("omer"))
            #expect(await bot.sent("hi"))
            for wait in [6, 24, 96] {
                let count = bot.provider.sendings.count
                await bot.pass(.milliseconds(wait * 1_000 - 1))
                #expect(bot.provider.sendings.count == count)
                await bot.pass(.milliseconds(1))
                #expect(await eventually { bot.provider.sendings.count == count + 1 })
            }
            #expect(await bot.sent("hi", "hello"))
            // A success ends the row of complaints.
            bot.provider.script(.failure(.sample(.holdChat(.seconds(6)))), for: .sample())
            try await bot.send("again")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(6))
            #expect(await bot.sent("hi", "hello", "again"))
        }
    }

    @Test func `a failing store does not shorten what the network asked for`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.holdChat(.seconds(600)))))
        bot.database.fail("UPDATE outbox SET state = ?", times: 1)
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(599))
            #expect(bot.provider.sendings.count == 1)
            await bot.pass(.seconds(1))
            #expect(await bot.sent("hello"))
        }
    }

    @Test func `holds the whole account, and no other`() async throws {
        let bot = try await BotUnderTest()
        let other = RecordingProvider(account: "test:other", time: bot.time)
        bot.directory.add(other)
        bot.provider.script(.failure(.sample(.holdAccount(.seconds(60)))))
        try await bot.run {
            try await bot.send("a", to: .sample("a"))
            #expect(await bot.isQuiet())
            try await bot.send("b", to: .sample("b"))
            try await bot.send("c", to: ChatID(account: "test:other", name: "c"))
            #expect(await eventually { other.texts == ["c"] })
            await bot.pass(.milliseconds(59_999))
            #expect(bot.provider.texts == [])
            await bot.pass(.milliseconds(1))
            #expect(await eventually { Set(bot.provider.texts) == ["a", "b"] })
        }
    }

    @Test func `a stopped account alerts the operator and loses nothing`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.stopAccount)))
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            try await bot.send("hi", to: .sample("omer"))
            await bot.pass(.seconds(599))
            #expect(bot.provider.texts == [])
            #expect(bot.log.alerts == ["account_stopped"])
            await bot.pass(.seconds(1))
            #expect(await eventually { Set(bot.provider.texts) == ["hello", "hi"] })
        }
    }

    @Test func `what will never go out becomes a dead letter, and the next goes on`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.giveUp, code: "131026")))
        try await bot.run {
            try await bot.send("hello", "world")
            #expect(await bot.sent("world"))
        }
        #expect(try await bot.outboxStates() == ["dead", "done"])
        #expect(try await bot.database.deadLetters().map(\.problem) == ["131026"])
    }

    // MARK: - The window

    @Test func `parks what finds the window closed, and sends it in order when the member writes`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...3 { bot.provider.script(.failure(.sample(.windowClosed))) }
        try await bot.run {
            try await bot.send("one", "two", "three")
            #expect(try await eventually { try await bot.outboxStates() == ["parked", "parked", "parked"] })
            await bot.pass(.seconds(3_600))
            #expect(bot.provider.texts == [])
            try await bot.receive(.sample("someone else", from: "omer"))
            #expect(await bot.sent("re: someone else"))
            try await bot.receive(.sample("I am back", at: bot.time.now))
            #expect(await bot.sent("re: someone else", "one", "two", "three", "re: I am back"))
        }
    }

    @Test func `what is parked goes out when the member calls, and in no other chat`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.run {
            try await bot.send("one")
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            try await bot.core.inbox.receive([], writes: [], visited: [.sample("omer")])
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == [])
            try await bot.core.inbox.receive([], writes: [], visited: [.sample()])
            #expect(await bot.sent("one"))
        }
    }

    @Test func `what was parked for longer than its age still goes out when the member writes`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "3600"] }
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.run {
            try await bot.send("one")
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            await bot.pass(.seconds(3 * 86_400))
            try await bot.receive(.sample("I am back", at: bot.time.now))
            #expect(await bot.sent("one", "re: I am back"))
        }
    }

    @Test func `a wait that the network names does not count as age`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "86400"] }
        bot.provider.script(.failure(.sample(.retry(after: .seconds(86_400)))))
        try await bot.run {
            try await bot.send("one")
            #expect(try await eventually { try await bot.outboxStates() == ["queued"] })
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(86_401), in: 2)
            #expect(await bot.sent("one"))
        }
    }

    @Test func `what is parked survives a restart`() async throws {
        let first = try await BotUnderTest()
        first.provider.script(.failure(.sample(.windowClosed)))
        try await first.run {
            try await first.send("one")
            #expect(try await eventually { try await first.outboxStates() == ["parked"] })
        }
        let second = try await BotUnderTest(over: first.database.real)
        // The member writes before the outbox has looked at what is there.
        try await second.receive(.sample("hi"))
        #expect(try await second.outboxStates() == ["queued"])
        try await second.run { #expect(await second.sent("one", "re: hi")) }
    }

    @Test func `a member who writes while the closed window is found has opened it`() async throws {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        bot.provider.script(.failure(.sample(.windowClosed)))
        bot.provider.door.shut()
        try await bot.run {
            try await bot.send("one")
            #expect(await eventually { bot.provider.door.waiting == 1 })
            try await bot.receive(.sample("hi"))
            bot.provider.door.open()
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(2))
            #expect(await bot.sent("one"))
        }
    }

    @Test func `a member who writes while a reply is being parked finds it`() async throws {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.run {
            bot.database.hold("UPDATE outbox SET state = ?", afterwards: true)
            try await bot.send("one")
            #expect(await eventually { bot.database.door.waiting == 1 })
            try await bot.receive(.sample("hi"))
            bot.database.release()
            #expect(await bot.sent("one"))
        }
    }
}
