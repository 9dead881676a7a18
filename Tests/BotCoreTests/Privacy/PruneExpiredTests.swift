import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct PruneExpiredTests {
    private func prune(_ bot: BotUnderTest, at time: Date) async throws {
        let handler = PruneExpiredHandler(database: bot.database, personalData: CoreSchema.personalData)
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
        let bot = try await BotUnderTest { $0.responders = [Answerer { _ in [] }] }
        try await bot.run {
            try await bot.receive(.sample("hello"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(86_400 * 29))
            #expect(try await bot.inboxStates() == ["answered"])
            await bot.pass(.seconds(86_400 * 2))
            #expect(try await eventually { try await bot.inboxStates() == [] })
        }
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
    }
}
