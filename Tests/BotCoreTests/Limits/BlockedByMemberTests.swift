import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What is known of how members take what they are sent.
@Suite(.timeLimit(.minutes(1))) struct BlockedByMemberTests {
    private var unwanted: SendFailure {
        var failure = SendFailure.sample(.giveUp, code: "131050")
        failure.isUnwanted = true
        return failure
    }

    private func problems(_ bot: BotUnderTest) async throws -> [String] {
        try await bot.database.rows("SELECT COALESCE(problem, '') AS problem FROM outbox ORDER BY id").map {
            try $0.text("problem")
        }
    }

    private func tellings(_ bot: BotUnderTest) -> Int { bot.log.alerts.count { $0 == "blocked_by_members" } }

    @Test func `who blocks us is never written to again until they write`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(unwanted), for: .sample())
        try await bot.run {
            try await bot.send("one", "two")
            try await bot.send("other", to: .sample("omer"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts == ["other"])
            #expect(try await problems(bot) == ["131050", "blocked_us", ""])
            await bot.pass(.seconds(86_400))
            try await bot.send("three")
            #expect(await bot.isQuiet())
            #expect(bot.provider.sendings.count == 2)
            // The operator hears of the reply that was refused, and not of each that was spared.
            #expect(bot.log.alerts == ["dead_letter"])
            try await bot.receive(.sample("hi", at: bot.time.now))
            #expect(await bot.sent("other", "re: hi"))
            try await bot.send("four")
            #expect(await bot.sent("other", "re: hi", "four"))
        }
        #expect(try await bot.count("SELECT COUNT(*) AS n FROM member_quality WHERE blocked_at IS NOT NULL") == 0)
    }

    @Test func `a block is known after a restart, unless they wrote meanwhile`() async throws {
        let first = try await BotUnderTest()
        first.provider.script(.failure(unwanted), .failure(unwanted))
        try await first.run {
            try await first.send("one")
            try await first.send("one", to: .sample("omer"))
            #expect(await first.isQuiet())
        }
        let second = try await BotUnderTest(over: first.database.real, at: .monday.adding(.seconds(60)))
        // Stored, but its process ended before anything else was done.
        try await second.database.transaction(
            second.core.inbox.keeping([.sample("hi", from: "omer", at: second.time.now)]))
        try await second.run {
            try await second.send("two")
            try await second.send("two", to: .sample("omer"))
            #expect(await second.isQuiet())
        }
        #expect(second.provider.sendings.map(\.message.chat) == [.sample("omer")])
    }

    @Test func `news of a message that was taken may be of a block`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("one")
            #expect(await bot.sent("one"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(
                DeliveryReport(row: nil, message: "net-1", event: .failed(unwanted), at: .monday))
            try await bot.send("two")
            #expect(await bot.isQuiet())
        }
        #expect(bot.provider.texts == ["one"])
        #expect(try await problems(bot) == ["131050", "blocked_us"])
    }

    @Test func `keeps how much was sent, delivered and read, and when`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            for text in ["one", "two", "three"] { try await bot.send(text) }
            #expect(await bot.sent("one", "two", "three"))
            #expect(await bot.isQuiet())
            let news: [(MessageID, DeliveryReport.State)] = [
                ("net-1", .sent), ("net-1", .delivered), ("net-1", .read), ("net-1", .delivered), ("net-2", .delivered),
            ]
            for (message, state) in news {
                try await bot.core.outbox.report(
                    DeliveryReport(row: nil, message: message, event: .reached(state), at: .monday))
            }
        }
        let row = try #require(try await bot.database.rows("SELECT * FROM member_quality").first)
        #expect(try row.text("chat") == ChatID.sample().rawValue)
        #expect(try [row.int("sent"), row.int("delivered"), row.int("seen")] == [3, 2, 1])
        #expect(try row.date("last_contact") == .monday)
        #expect(try row.optionalDate("blocked_at") == nil)
    }

    @Test func `more than five of a hundred who blocked us are told of, once a day`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["BLOCK_ALERT_PERCENT": "5"] }
        // Of those who were written to a while ago nothing is concluded.
        try await quality(of: 38, at: .monday, in: bot)
        try await quality(of: 200, at: .monday.adding(.seconds(-8 * 86_400)), in: bot)
        try await bot.run {
            // One in 39, two in 40, three in 41.
            for (number, told) in [(1, 0), (2, 0), (3, 1), (4, 1)] {
                try await block("b\(number)", in: bot)
                #expect(tellings(bot) == told)
            }
            await bot.pass(.seconds(86_399))
            try await block("b5", in: bot)
            #expect(tellings(bot) == 1)
            await bot.pass(.seconds(1))
            try await block("b6", in: bot)
            #expect(tellings(bot) == 2)
        }
    }

    @Test func `of fewer than twenty nothing is concluded`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["BLOCK_ALERT_PERCENT": "5"] }
        try await quality(of: 17, at: .monday, in: bot)
        try await bot.run {
            for (number, told) in [(1, 0), (2, 0), (3, 1)] {
                try await block("b\(number)", in: bot)
                #expect(tellings(bot) == told)
            }
        }
    }

    @Test func `0 tells nobody`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run { for number in 1...25 { try await block("b\(number)", in: bot) } }
        #expect(tellings(bot) == 0)
    }

    @Test func `what is known is removed after a month, but not that somebody blocked us`() async throws {
        let bot = try await BotUnderTest()
        try await quality(of: 3, at: .monday, in: bot)
        try await bot.run { try await block("b", in: bot) }
        let handler = try PruneExpiredHandler.sample(over: bot.database)
        _ = try await handler.run(PruneExpired(), at: .monday.adding(.seconds(86_400 * 31)))
        let rows = try await bot.database.rows("SELECT chat FROM member_quality")
        #expect(try rows.map { try $0.text("chat") } == [ChatID.sample("b").rawValue])
    }

    private func quality(of count: Int, at time: Date, in bot: BotUnderTest) async throws {
        let name = "test:bot/old-\(time.milliseconds)-"
        try await bot.database.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(count))
            INSERT INTO member_quality (chat, sent, last_contact) SELECT \(name) || i, 1, \(time) FROM n
            """)
    }

    private func block(_ person: String, in bot: BotUnderTest) async throws {
        bot.provider.script(.failure(unwanted), for: .sample(person))
        try await bot.send("hello", to: .sample(person))
        #expect(await bot.isQuiet())
    }
}
