import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct PruneExpiredTests {
    /// - Parameter runningHours: 0 for retention alone.
    private func prune(_ bot: BotUnderTest, at time: Date, runningHours: Int = 0) async throws {
        let handler = try PruneExpiredHandler.sample(over: bot.database, runningHours: runningHours)
        guard case .done = try await handler.run(PruneExpired(), at: time) else { return #expect(Bool(false)) }
    }

    private func insert(_ count: Int, into bot: BotUnderTest, state: String, at time: Date, from id: Int) async throws {
        try await bot.database.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count))
            INSERT INTO outbox (id, chat, payload, state, not_before, created_at)
            SELECT i + \(id), 'c', '{}', \(state), 0, \(time) + i FROM n
            """)
    }

    @Test func `removes in batches what was kept long enough, and nothing else`() async throws {
        let bot = try await BotUnderTest()
        let old = Date.monday.addingTimeInterval(-86_400 * 31)
        try await insert(1_700, into: bot, state: "done", at: old, from: 1)
        try await insert(10, into: bot, state: "queued", at: old, from: 5_000)
        try await insert(10, into: bot, state: "parked", at: old, from: 6_000)
        try await insert(10, into: bot, state: "done", at: .monday.addingTimeInterval(-86_400 * 29), from: 7_000)
        try await prune(bot, at: .monday)
        let rows = try await bot.database.rows("SELECT state, COUNT(*) AS n FROM outbox GROUP BY state ORDER BY state")
        #expect(try rows.map { "\(try $0.text("state")) \(try $0.int("n"))" } == ["done 10", "parked 10", "queued 10"])
        #expect(bot.database.count("DELETE FROM outbox") >= 4)
    }

    @Test func `a clock that was set back removes nothing early, and nothing late when it goes forth again`()
        async throws
    {
        let bot = try await BotUnderTest()
        try await insert(3, into: bot, state: "done", at: .monday, from: 1)
        let end = Date.monday.addingTimeInterval(86_400 * 30 + 1)
        for time in [end.addingTimeInterval(-3_600), Date.monday.addingTimeInterval(-3_600)] {
            try await prune(bot, at: time)
            #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox") == 3)
        }
        try await prune(bot, at: end)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox") == 0)
    }

    @Test func `a message that waits for its answer is never removed`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("old", at: .monday.addingTimeInterval(-86_400 * 90)))
        try await prune(bot, at: .monday)
        #expect(try await bot.inboxStates() == ["received"])
        try await bot.database.run("UPDATE inbox SET state = 'answered'")
        try await prune(bot, at: .monday)
        #expect(try await bot.inboxStates() == [])
    }

    @Test func `removes every night what its time has passed for`() async throws {
        let bot = try await BotUnderTest {
            $0.responders = [Answerer { _ in [] }]
            $0.settings = ["PRIVACY_RUNNING_HOURS": "0"]
        }
        try await bot.run {
            try await bot.receive(.sample("hello"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(86_400 * 29))
            #expect(try await bot.inboxStates() == ["answered"])
            await bot.pass(.seconds(86_400 * 2))
            #expect(try await eventually { try await bot.inboxStates() == [] })
        }
    }

    private func add(_ text: String, to chat: String, days: Double, _ bot: BotUnderTest) async throws {
        try await bot.receive(.sample(text, from: chat, at: .monday.addingTimeInterval(-86_400 * days)))
    }

    private func left(_ bot: BotUnderTest) async throws -> [String] {
        try await bot.database.rows("SELECT payload FROM inbox ORDER BY received_at").map {
            let payload = try $0.text("payload")
            return String(try #require(payload.firstMatch(of: /at[0-9.]+-[a-z]+/)).0)
        }
    }

    @Test func `each chat is kept for as long as it chose`() async throws {
        let bot = try await BotUnderTest()
        for chat in ["dana", "omer", "noa"] {
            for days in [3.0, 10, 45, 200] { try await add("at\(days)-\(chat)", to: chat, days: days, bot) }
        }
        try await bot.database.run("UPDATE inbox SET state = 'answered'")
        let book = try bot.privacy()
        try await bot.database.transaction(
            book.keeping(.sample("dana"), days: 7, at: .monday) + book.keeping(.sample("omer"), days: 100, at: .monday))
        try await prune(bot, at: .monday)
        #expect(
            try await Set(left(bot)) == [
                "at3.0-dana", "at3.0-omer", "at10.0-omer", "at45.0-omer", "at3.0-noa", "at10.0-noa",
            ])
    }

    @Test func `without consent only a running conversation is kept`() async throws {
        let bot = try await BotUnderTest()
        for chat in ["given", "declined", "undecided", "running"] {
            for days in [2.0, 20] { try await add("at\(days)-\(chat)", to: chat, days: days, bot) }
        }
        try await add("at0.5-running", to: "running", days: 0.5, bot)
        try await add("at1.01-undecided", to: "undecided", days: 1.01, bot)
        try await bot.database.run("UPDATE inbox SET state = 'answered'")
        let book = try bot.privacy()
        try await bot.database.transaction(
            book.noting(.given, in: .sample("given"), at: .monday)
                + book.noting(.declined, in: .sample("declined"), at: .monday))
        try await prune(bot, at: .monday, runningHours: 24)
        // The last one could still be delivered a second time, by a clock that is an hour off.
        #expect(
            try await Set(left(bot)) == [
                "at2.0-given", "at20.0-given", "at0.5-running", "at2.0-running", "at20.0-running", "at1.01-undecided",
            ])
    }

    @Test func `removes many rows of many chats without keeping the writer for long`() async throws {
        let bot = try await BotUnderTest()
        try await insert(30_000, into: bot, state: "done", at: .monday.addingTimeInterval(-86_400 * 90), from: 1)
        try await insert(2_000, into: bot, state: "queued", at: .monday.addingTimeInterval(-86_400 * 90), from: 50_000)
        try await prune(bot, at: .monday, runningHours: 24)
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM outbox") == 2_000)
        #expect(bot.database.count("DELETE FROM outbox") == 60)
    }

    @Test(arguments: CoreSchema.personalData)
    func `names tables and columns that exist`(_ data: PersonalData) async throws {
        let bot = try await BotUnderTest()
        for column in [data.member, data.chat, data.time].compactMap({ $0 }) {
            _ = try await bot.database.rows("SELECT \(name: column) FROM \(name: data.table) LIMIT 1")
        }
        if let unless = data.unless {
            _ = try await bot.database.rows("SELECT 1 FROM \(name: data.table) WHERE NOT (\(unless))")
        }
        for column in data.hidden + [data.file, data.naming].compactMap({ $0 }) {
            _ = try await bot.database.rows("SELECT \(name: column) FROM \(name: data.table) LIMIT 1")
        }
        // What may be shown to members has a name for them.
        if data.member != nil || data.chat != nil || data.naming != nil { #expect(data.title != nil) }
        if data.keeping == .conversation { #expect(data.chat != nil && data.time != nil) }
    }
}
