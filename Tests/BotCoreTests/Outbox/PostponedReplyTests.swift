import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct PostponedReplyTests {
    private static let day = Duration.seconds(86_400)

    @Test(arguments: [SendFailure.Remedy.postpone(day), .postpone(.seconds(60)), .retry(after: day)])
    func `those behind a postponed reply do not wait with it`(_ remedy: SendFailure.Remedy) async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(remedy)))
        let span = remedy == .postpone(.seconds(60)) ? .seconds(60) : Self.day
        try await bot.run {
            try await bot.send("ad", "two")
            #expect(await bot.sent("two"))
            try await bot.send("three")
            #expect(await bot.sent("two", "three"))
            #expect(await bot.isQuiet())
            await bot.pass(span - .milliseconds(1))
            #expect(bot.provider.sendings.count == 3)
            await bot.pass(.milliseconds(1))
            #expect(await bot.sent("two", "three", "ad"))
        }
        #expect(bot.log.alerts == [])
        #expect(try await bot.count("SELECT attempts AS n FROM outbox ORDER BY id LIMIT 1") == 2)
    }

    @Test func `a postponed reply stays so over a restart`() async throws {
        let first = try await BotUnderTest()
        first.provider.script(.failure(.sample(.postpone(Self.day))))
        try await first.run {
            try await first.send("ad")
            #expect(await first.isQuiet())
        }
        let second = try await BotUnderTest(over: first.database.real, at: .monday.adding(.seconds(3_600)))
        try await second.run {
            try await second.send("two")
            #expect(await second.sent("two"))
            #expect(await second.isQuiet())
            await second.pass(.seconds(82_800))
            #expect(await second.sent("two", "ad"))
        }
    }

    @Test func `more postponed replies than fit in memory hold up nobody`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...150 { bot.provider.script(.failure(.sample(.postpone(Self.day)))) }
        try await bot.run {
            for number in 1...150 { try await bot.send("\(number)") }
            try await bot.send("last")
            #expect(await bot.sent("last"))
            #expect(await bot.isQuiet())
            await bot.pass(Self.day)
            #expect(await eventually { bot.provider.texts == ["last"] + (1...150).map { "\($0)" } })
        }
    }

    @Test func `a reply that is postponed after it was taken lets others by`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("ad")
            #expect(await bot.sent("ad"))
            #expect(await bot.isQuiet())
            try await bot.core.outbox.report(
                DeliveryReport(
                    row: nil, message: "net-1", event: .failed(.sample(.postpone(Self.day))), at: .monday))
            try await bot.send("two")
            #expect(await bot.sent("ad", "two"))
            #expect(await bot.isQuiet())
            await bot.pass(Self.day)
            #expect(await bot.sent("ad", "two", "ad"))
        }
    }

    @Test func `a store that takes no note of it holds the others up no longer than its failure`() async throws {
        let bot = try await BotUnderTest()
        for _ in 1...2 { bot.provider.script(.failure(.sample(.postpone(Self.day)))) }
        bot.database.fail("UPDATE outbox SET state = ?", times: 1)
        try await bot.run {
            try await bot.send("ad", "two")
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(2))
            #expect(await bot.sent("two"))
        }
        #expect(try await bot.outboxStates() == ["queued", "done"])
    }
}
