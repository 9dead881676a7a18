import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct OutboxSenderTests {
    @Test func `sends in order within a chat and side by side across chats`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.door.shut()
        try await bot.run {
            for person in ["a", "b", "c"] { try await bot.send("1", "2", "3", to: .sample(person)) }
            #expect(await eventually { bot.provider.door.waiting == 3 })
            bot.provider.door.open()
            #expect(await bot.isQuiet())
        }
        for person in ["a", "b", "c"] { #expect(bot.provider.texts(in: .sample(person)) == ["1", "2", "3"]) }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'done' AND reached = 1") == 9)
    }

    @Test func `more than fit in memory wait in the table, in order`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.door.shut()
        try await bot.run {
            for number in 1...350 { try await bot.send("\(number)") }
            bot.provider.door.open()
            #expect(await eventually { bot.provider.texts.count == 350 })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == (1...350).map { "\($0)" })
        #expect(bot.provider.sendings.count == 350)
    }

    @Test func `a reply that is stored while the table is read is neither lost nor sent twice`() async throws {
        let bot = try await BotUnderTest()
        try await bot.send("old")
        bot.database.hold("SELECT id, chat, payload", afterwards: true)
        try await bot.run {
            #expect(await eventually { bot.database.door.waiting == 1 })
            try await bot.send("new")
            bot.database.release()
            #expect(await bot.sent("old", "new"))
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.count == 2)
    }

    @Test func `a reply that was read from the table before it was handed over is sent once`() async throws {
        let bot = try await BotUnderTest()
        let (first, second) = (try bot.stored("first"), try bot.stored("second"))
        try await bot.database.transaction(first.statements + second.statements)
        try await bot.run {
            #expect(await bot.sent("first", "second"))
            await bot.core.outbox.accept(second.items)
            await bot.core.outbox.accept(first.items)
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.count == 2)
    }

    @Test func `takes turns when more chats have something than may be sent to at once`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_CHATS": "1"] }
        try await bot.send("a1", "a2", "a3", to: .sample("a"))
        try await bot.send("b1", to: .sample("b"))
        try await bot.run { #expect(await eventually { bot.provider.texts.count == 4 }) }
        #expect(bot.provider.texts.firstIndex(of: "b1") ?? 9 <= 1)
    }

    @Test func `stores the id that it chose before it sends, and sends the same one again`() async throws {
        let bot = try await BotUnderTest { $0.abilities.choosesMessageIDs = true }
        bot.provider.script(.broken)
        try await bot.run {
            let row = try await bot.send("hello")[0]
            let stored = try await bot.database.rows("SELECT network_id FROM outbox WHERE id = \(row)")[0]
            #expect(try stored.optionalText("network_id") == "own-1")
            #expect(await eventually { bot.provider.sendings.count == 1 })
            await bot.pass(.seconds(2))
            #expect(await bot.sent("hello"))
        }
        #expect(bot.provider.sendings.map { $0.message.messageID } == ["own-1", "own-1"])
    }

    @Test func `what cannot be sent for too long becomes a dead letter with an alert`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "3600"] }
        try await bot.run {
            for _ in 1...40 { bot.provider.script(.failure(.sample(.retry(after: .seconds(300))))) }
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_600), in: 12)
            #expect(try await bot.outboxStates() == ["queued"])
            await bot.pass(.seconds(600), in: 2)
            #expect(try await eventually { try await bot.outboxStates() == ["dead"] })
        }
        #expect(bot.log.alerts == ["dead_letter"])
        #expect(try await bot.database.deadLetters().map(\.problem) == ["too_old"])
    }

    @Test func `a maximum age of 0 keeps trying for ever`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "0"] }
        bot.provider.script(.failure(.sample(.retry(after: .seconds(3_000_000)))))
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_000_001))
            #expect(await bot.sent("hello"))
        }
    }

    // MARK: - The store fails

    @Test func `rests when the table cannot be read, and does not spin`() async throws {
        let bot = try await BotUnderTest()
        try await bot.send("hello")
        bot.database.fail("SELECT id, chat, payload", times: 3, with: .busy)
        try await bot.run {
            #expect(await bot.isQuiet())
            for _ in 1...3 { await bot.pass(.seconds(2)) }
            #expect(await bot.sent("hello"))
        }
        #expect(bot.database.count("SELECT id, chat, payload") == 4)
    }

    @Test func `rests when a dead letter cannot be stored, and does not spin`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.giveUp)))
        bot.database.fail("UPDATE outbox SET state = ?", times: 2)
        try await bot.run {
            try await bot.send("hello")
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.count == 1)
            bot.provider.script(.failure(.sample(.giveUp)), .failure(.sample(.giveUp)))
            for _ in 1...3 { await bot.pass(.seconds(2)) }
            #expect(try await bot.outboxStates() == ["dead"])
        }
        #expect(bot.database.count("UPDATE outbox SET state = ?") == 3)
        #expect(bot.log.alerts == ["dead_letter"])
    }

    @Test func `does not send again what the network took when the store fails to note it`() async throws {
        let bot = try await BotUnderTest()
        bot.database.fail("UPDATE outbox SET network_id", times: 12)
        try await bot.run {
            try await bot.send("hello", "world")
            #expect(await eventually { bot.provider.texts == ["hello"] })
            #expect(
                await eventually {
                    bot.time.advance(by: .seconds(1))
                    return bot.provider.texts == ["hello", "world"]
                })
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.sendings.count == 2)
        #expect(try await bot.outboxStates() == ["done", "done"])
    }

    // MARK: - After a restart

    @Test func `sends what waited, doubts what was on its way, and leaves what is parked`() async throws {
        let bot = try await BotUnderTest { $0.abilities.lostAnswerWait = .seconds(45) }
        for (person, state) in [("a", "queued"), ("b", "sending"), ("c", "parked"), ("d", "done"), ("e", "dead")] {
            let row = try await bot.store("hello \(person)", to: .sample(person))
            try await bot.database.run("UPDATE outbox SET state = \(state) WHERE id = \(row)")
        }
        try await bot.run {
            #expect(await bot.sent("hello a"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(44))
            #expect(bot.provider.texts == ["hello a"])
            await bot.pass(.seconds(2))
            #expect(await bot.sent("hello a", "hello b"))
            try await bot.receive(.sample("hi", from: "c"))
            #expect(await eventually { bot.provider.texts(in: .sample("c")) == ["hello c", "re: hi"] })
        }
    }

    @Test func `a network with our ids is sent at once what was on its way`() async throws {
        let bot = try await BotUnderTest { $0.abilities.choosesMessageIDs = true }
        let row = try await bot.store("hello")
        try await bot.database.run("UPDATE outbox SET state = 'sending' WHERE id = \(row)")
        try await bot.run { #expect(await bot.sent("hello")) }
        #expect(bot.provider.sendings.map { $0.message.messageID } == ["own-1"])
    }
}

extension BotUnderTest {
    /// A reply that is ready to be stored.
    func stored(_ text: String, to chat: ChatID = .sample()) throws -> (items: [OutboxItem], statements: [SQL]) {
        try core.outbox.prepare(
            [RenderedReply(content: .text(text))], to: chat, at: time.now, ids: ids, key: nil)
    }

    /// Stores a reply without handing it over, as a process that ends in between.
    func store(_ text: String, to chat: ChatID = .sample()) async throws -> Int64 {
        let reply = try stored(text, to: chat)
        _ = try await database.transaction(reply.statements)
        return reply.items[0].row
    }
}
