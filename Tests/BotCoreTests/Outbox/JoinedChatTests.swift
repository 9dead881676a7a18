import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Two chats turn out to be one person's: their rows move to the older one in the transaction that shows it.
@Suite(.timeLimit(.minutes(1))) struct JoinedChatTests {
    private let younger = ChatID.sample("younger")
    private let older = ChatID.sample("older")
    private var move: SQL { "UPDATE outbox SET chat = \(older) WHERE chat = \(younger)" }

    @Test func `what is parked in one goes out when the person writes in the other`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.windowClosed)), for: younger)
        try await bot.run {
            try await bot.send("parked", to: younger)
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            try await bot.core.inbox.receive([.sample("hi", from: "older")], writes: [move])
            #expect(await eventually { Set(bot.provider.texts(in: older)) == ["parked", "re: hi"] })
        }
        #expect(try await bot.outboxStates() == ["done", "done"])
    }

    @Test func `what waits in memory under the old name goes out once`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(
            .failure(.sample(.windowClosed)), .failure(.sample(.retry(after: .seconds(60)))), for: younger)
        try await bot.run {
            try await bot.send("parked", "waits", "behind", to: younger)
            #expect(await eventually { bot.provider.sendings.count == 2 })
            #expect(await bot.isQuiet())
            try await bot.core.inbox.receive([.sample("hi", from: "older")], writes: [move])
            #expect(await eventually { bot.provider.texts.contains("parked") })
            await bot.pass(.seconds(120), in: 12)
            #expect(await eventually { bot.provider.texts.count == 4 })
            await bot.pass(.seconds(3_600), in: 6)
        }
        #expect(bot.provider.texts.sorted() == ["behind", "parked", "re: hi", "waits"])
    }

    @Test func `what is on its way meanwhile is not sent a second time`() async throws {
        let bot = try await BotUnderTest { $0.abilities.lostAnswerWait = .seconds(45) }
        bot.provider.door.shut()
        try await bot.run {
            try await bot.send("on its way", "behind", to: younger)
            #expect(await eventually { bot.provider.door.waiting == 1 })
            try await bot.core.inbox.receive([.sample("hi", from: "older")], writes: [move])
            #expect(await eventually { bot.provider.door.waiting == 2 })
            await bot.core.outbox.lookAgain(in: older)
            bot.provider.door.open()
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(3_600), in: 60)
        }
        #expect(bot.provider.texts.sorted() == ["behind", "on its way", "re: hi"])
        #expect(bot.provider.sendings.count == 3)
    }

    @Test func `what finds the window closed after the chats were joined waits under the name that remains`()
        async throws
    {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        bot.provider.join(younger, to: older)
        bot.provider.script(.failure(.sample(.windowClosed)), for: younger)
        bot.provider.script(.failure(.sample(.windowClosed)), for: older)
        try await bot.run {
            try await bot.send("late", to: younger)
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            try await bot.receive(.sample("hi", from: "older"))
            #expect(await bot.sent("late"))
        }
        #expect(bot.provider.texts(in: older) == ["late"])
    }

    @Test func `what was accepted, and is reported to have found it closed, waits there too`() async throws {
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        try await bot.run {
            let row = try await bot.send("late", to: younger)[0]
            #expect(await bot.sent("late"))
            #expect(await bot.isQuiet())
            bot.provider.join(younger, to: older)
            bot.provider.script(.failure(.sample(.windowClosed)), for: older)
            try await bot.core.outbox.report(
                DeliveryReport(row: row, message: "net-1", event: .failed(.sample(.windowClosed)), at: .monday))
            #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
            try await bot.receive(.sample("hi", from: "older"))
            #expect(await bot.sent("late", "late"))
        }
        #expect(bot.provider.texts(in: older) == ["late"])
    }

    @Test func `what is parked is found by an index for each message`() async throws {
        let bot = try await BotUnderTest()
        let unpark = OutboxStore.unpark(older, at: .monday)
        let plan = try await bot.database.rows("EXPLAIN QUERY PLAN \(unpark)")
        #expect(try plan.map { try $0.text("detail") } == ["SEARCH outbox USING INDEX outbox_open (chat=?)"])
    }
}
