import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// Payloads that this version cannot read: damaged, cut, of another kind, or written by a newer version.
let unreadablePayloads: [SQLValue] = [
    .text("{\"id\":\"a"), .text("{}"), .text(""), .blob(Data([0, 0xFF, 0x80])),
    .text(#"{"id":"a","content":{"hologram":{"depth":3}}}"#),
]

@Suite(.timeLimit(.minutes(1))) struct UnreadableMessageTests {
    /// Stores messages of Dana that nobody has answered yet.
    private func stored(_ texts: String..., in store: SQLiteDatabase) async throws {
        let bot = try await BotUnderTest(over: store)
        for (index, text) in texts.enumerated() {
            try await bot.receive(.sample(text, id: .init(rawValue: text), at: .monday.adding(.seconds(index * 10))))
        }
    }

    private func damage(_ text: String, as payload: SQLValue, in store: SQLiteDatabase) async throws {
        #expect(try await store.run("UPDATE inbox SET payload = \(payload) WHERE message_id = \(text)") == 1)
    }

    @Test(arguments: unreadablePayloads)
    func `is set aside with an alert, and the rest of its chat is answered`(_ payload: SQLValue) async throws {
        let store = try SQLiteDatabase.temporary()
        try await stored("1", "2", "3", in: store)
        try await damage("2", as: payload, in: store)
        let bot = try await BotUnderTest(over: store, at: .monday.adding(.seconds(60))) {
            $0.settings = ["INBOX_CAPACITY": "1"]
        }
        try await bot.run {
            #expect(await bot.sent("re: 1", "re: 3"))
            #expect(await bot.isQuiet())
            // Its place is free again.
            try await bot.receive(.sample("4", at: bot.time.now))
            #expect(await bot.sent("re: 1", "re: 3", "re: 4"))
        }
        #expect(try await bot.inboxStates() == ["answered", "failed", "answered", "answered"])
        #expect(bot.log.alerts == ["unreadable_message"])
        #expect(bot.log.alertsOfOneHiddenChat)
        #expect(!"\(bot.log.entries)".contains("dana") && !"\(bot.log.entries)".contains("hologram"))
    }

    @Test func `among many, the others are answered in order, page after page`() async throws {
        let store = try SQLiteDatabase.temporary()
        try await stored("1", "2", "3", "4", "5", "6", in: store)
        for text in ["1", "2", "5"] { try await damage(text, as: .text("{"), in: store) }
        let bot = try await BotUnderTest(over: store, at: .monday.adding(.seconds(60))) {
            $0.settings = ["LANE_CAPACITY": "2"]
        }
        try await bot.run { #expect(await bot.sent("re: 3", "re: 4", "re: 6")) }
    }

    @Test func `is tried again when it cannot be set aside for now`() async throws {
        let store = try SQLiteDatabase.temporary()
        try await stored("1", "2", in: store)
        try await damage("1", as: .text("{"), in: store)
        let bot = try await BotUnderTest(over: store, at: .monday.adding(.seconds(60)))
        bot.database.fail("SET state = 'failed' WHERE id IN", times: 2)
        try await bot.run {
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(40), in: 20)
            #expect(await bot.sent("re: 2"))
        }
        #expect(bot.log.alerts == ["unreadable_message"])
    }

    @Test(arguments: unreadablePayloads)
    func `may be quoted, like one that we never saw`(_ payload: SQLValue) async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.receive(.sample("old", id: "old"))
            #expect(await bot.sent("re: old"))
            let reply = try #require(bot.provider.accepted.first?.id)
            try await bot.database.run("UPDATE inbox SET payload = \(payload)")
            try await bot.database.run("UPDATE outbox SET payload = \(payload)")
            try await bot.receive(.sample("theirs", quotes: "old"))
            try await bot.receive(.sample("ours", quotes: reply))
            #expect(await bot.sent("re: old", "re: theirs", "re: ours"))
        }
    }
}
