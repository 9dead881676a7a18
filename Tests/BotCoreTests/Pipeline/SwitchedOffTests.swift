import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What 0 means for each limit of the line, and that the settings beside it are obeyed.
@Suite(.timeLimit(.minutes(1))) struct SwitchedOffTests: JobSuite {
    let done = Recorder<String>()

    // MARK: - Replies

    @Test func `OUTBOX_CHATS 0 sends to all chats at the same time`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_CHATS": "0"] }
        bot.provider.door.shut()
        try await bot.run {
            for person in 1...80 { try await bot.send("\(person)", to: .sample("p\(person)")) }
            #expect(await eventually { bot.provider.sendings.count == 80 })
            bot.provider.door.open()
            #expect(await eventually { bot.provider.texts.count == 80 })
        }
    }

    @Test func `OUTBOX_PARKED_MAX_SECONDS 0 keeps a parked reply until its member writes`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_PARKED_MAX_SECONDS": "0"] }
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.run {
            try await bot.send("one")
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            await bot.pass(.seconds(86_400 * 60), in: 60)
            #expect(try await bot.outboxStates() == ["parked"])
            #expect(bot.log.alerts == [])
            try await bot.receive(.sample("hi", at: bot.time.now))
            #expect(await bot.sent("one", "re: hi"))
        }
    }

    @Test func `ANSWER_MAX_MESSAGES 0 cuts nothing off`() async throws {
        let text = (1...200).map { "word\($0)" }.joined(separator: " ")
        let count = text.utf16.count
        let bot = try await BotUnderTest {
            $0.settings = ["ANSWER_MAX_MESSAGES": "0"]
            $0.abilities.textLimit = 50
            $0.responders = [Answerer { _ in [.verbatim(text)] }]
        }
        try await bot.run {
            try await bot.receive(.sample("tell me"))
            #expect(await eventually { bot.provider.texts.joined(separator: " ").utf16.count >= count })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts.joined(separator: " ") == text)
    }

    @Test(arguments: [(nil, 600), ("60", 60)])
    func `OUTBOX_STOPPED_ACCOUNT_SECONDS is the rest of a stopped account`(_ setting: String?, seconds: Int)
        async throws
    {
        let bot = try await BotUnderTest {
            $0.settings = setting.map { ["OUTBOX_STOPPED_ACCOUNT_SECONDS": $0] } ?? [:]
        }
        bot.provider.script(.failure(.sample(.stopAccount)))
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(seconds * 1_000 - 1))
            #expect(bot.provider.sendings.count == 1)
            await bot.pass(.milliseconds(1))
            #expect(await bot.sent("hello"))
        }
    }

    @Test func `OUTBOX_STOPPED_ACCOUNT_SECONDS 0 lets replies wait as after any failed send`() async throws {
        let bot = try await BotUnderTest {
            $0.settings = ["OUTBOX_STOPPED_ACCOUNT_SECONDS": "0", "OUTBOX_RETRY_MILLISECONDS": "1000"]
        }
        bot.provider.script(.failure(.sample(.stopAccount)), for: .sample())
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            // The account itself does not rest.
            try await bot.send("hi", to: .sample("omer"))
            #expect(await bot.sent("hi"))
            await bot.pass(.milliseconds(499))
            #expect(bot.provider.sendings.count == 2)
            await bot.pass(.milliseconds(501))
            #expect(await bot.sent("hi", "hello"))
        }
        #expect(bot.log.alerts == ["account_stopped"])
    }

    // MARK: - Messages

    @Test(arguments: [("2", [2, 2, 1]), ("0", [30])])
    func `SETTLE_MAX_TEXTS is how many texts are answered as one`(_ setting: String, counts: [Int]) async throws {
        let bot = try await BotUnderTest {
            $0.settings = ["SETTLE_MILLISECONDS": "400", "SETTLE_MAX_TEXTS": setting]
            $0.responders = [Answerer { [.verbatim("\($0.messages.count)")] }]
        }
        try await bot.run {
            #expect(await bot.isQuiet())
            for number in 1...counts.reduce(0, +) { try await bot.receive(.sample("\(number)", at: bot.time.now)) }
            #expect(await bot.isQuiet())
            for _ in counts { await bot.pass(.milliseconds(400)) }
            #expect(await eventually { bot.provider.texts == counts.map { "\($0)" } })
        }
    }

    @Test(arguments: [("60", 59, true), ("60", 61, false), ("0", 86_400 * 365, true)])
    func `MENU_LIFETIME_SECONDS is how long a menu can be chosen from`(
        _ setting: String, after seconds: Int, isChosen: Bool
    ) async throws {
        let menu = Menu(question: .verbatim("?"), options: [.init(id: "a", title: .verbatim("A"))])
        let bot = try await BotUnderTest {
            $0.settings = ["MENU_LIFETIME_SECONDS": setting]
            $0.responders = [
                TestCommand(words: ["menu"]) { _, _ in [.menu(menu)] },
                Answerer(accepting: { _ in true }) { [.verbatim($0.choice ?? "none")] },
            ]
        }
        try await bot.run {
            try await bot.receive(.sample("!menu"))
            #expect(await bot.isQuiet())
            bot.time.advance(by: .seconds(seconds))
            try await bot.receive(.sample("1", at: bot.time.now))
            #expect(await eventually { bot.provider.texts.last == (isChosen ? "a" : "none") })
        }
    }

    @Test func `CHAT_LANES 0 answers all chats at the same time, LANE_CAPACITY 0 holds all of a chat`() async throws {
        let door = Door()
        let seen = Recorder<String>()
        door.shut()
        let bot = try await BotUnderTest {
            $0.settings = ["CHAT_LANES": "0", "LANE_CAPACITY": "0"]
            $0.responders = [Answerer.echo(behind: door, noting: seen)]
        }
        try await bot.run {
            for person in 1...300 { try await bot.receive(.sample("\(person)", from: "p\(person)")) }
            #expect(await eventually { seen.count == 300 })
            for number in 1...150 { try await bot.receive(.sample("more \(number)", from: "p1")) }
            door.open()
            #expect(await eventually { bot.provider.texts.count == 450 })
        }
        #expect(bot.provider.texts(in: .sample("p1")) == ["1"] + (1...150).map { "more \($0)" })
    }

    // MARK: - Jobs

    @Test func `JOB_CONCURRENCY 0 leaves only the limit of each kind`() async throws {
        let door = Door()
        door.shut()
        let bot = try await bot(["JOB_CONCURRENCY": "0"], concurrency: 30) { [done] name, _ in
            done.add(name)
            try await door.pass()
            return .done
        }
        try await bot.run {
            for number in 1...30 { try await bot.enqueue(Errand(name: "\(number)")) }
            #expect(await eventually { done.count == 30 })
            door.open()
        }
    }

    @Test func `JOB_MAX_ATTEMPTS 0 tries for ever`() async throws {
        let bot = try await bot(["JOB_MAX_ATTEMPTS": "0", "JOB_RETRY_MILLISECONDS": "1"]) { [done] name, _ in
            done.add(name)
            throw Outage("test", "down")
        }
        try await bot.run {
            try await bot.enqueue(Errand(name: "x"))
            for _ in 1...14 { await bot.pass(.seconds(3_600)) }
            #expect(await eventually { done.count > 11 })
        }
        #expect(try await bot.jobStates() == ["waiting"])
        #expect(bot.log.alerts == [])
    }
}
