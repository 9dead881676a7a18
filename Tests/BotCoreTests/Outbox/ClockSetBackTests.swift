import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct ClockSetBackTests {
    private func warnings(_ bot: BotUnderTest) -> Int {
        bot.log.entries.count { "\($0.message)".contains("the clock was set back") }
    }

    @Test func `a clock that is set back silences nobody, and is told once`() async throws {
        let pace = try #require(Pace(interval: .seconds(1), burst: 2))
        let bot = try await BotUnderTest {
            $0.abilities.accountPace = pace
            $0.abilities.chatPace = pace
            $0.abilities.orderWait = .seconds(1)
        }
        try await bot.run {
            for number in 1...3 { try await bot.send("\(number)", to: .sample("p\(number)")) }
            #expect(await bot.isQuiet())
            bot.time.advance(by: .seconds(-3_600))
            try await bot.send("4", to: .sample("p1"))
            try await bot.send("5", to: .sample("p5"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(5), in: 50)
            #expect(await eventually { Set(bot.provider.texts) == ["1", "2", "3", "4", "5"] })
        }
        #expect(warnings(bot) == 1)
    }

    @Test func `what waits in memory waits as long as before`() async throws {
        let bot = try await BotUnderTest()
        bot.provider.script(.failure(.sample(.holdChat(.seconds(60)))), for: .sample("a"))
        bot.provider.script(.failure(.sample(.retry(after: .seconds(60)))), for: .sample("b"))
        try await bot.run {
            try await bot.send("a", to: .sample("a"))
            try await bot.send("b", to: .sample("b"))
            #expect(await bot.isQuiet())
            bot.time.advance(by: .seconds(-3_600))
            try await bot.send("c", to: .sample("c"))
            #expect(await bot.sent("c"))
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(59_999))
            #expect(bot.provider.texts == ["c"])
            await bot.pass(.milliseconds(1))
            #expect(await eventually { Set(bot.provider.texts) == ["a", "b", "c"] })
        }
    }

    @Test func `what was stored under the later clock goes out after a restart`() async throws {
        let first = try await BotUnderTest()
        first.provider.script(.failure(.sample(.retry(after: .seconds(30)))))
        try await first.run {
            try await first.send("one", "two")
            #expect(await first.isQuiet())
        }
        let second = try await BotUnderTest(over: first.database.real, at: .monday.adding(.seconds(-3_600)))
        try await second.run {
            #expect(await second.isQuiet())
            await second.pass(.seconds(30))
            #expect(await second.sent("one", "two"))
        }
    }

    @Test func `a small correction of the clock is nothing`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("one")
            #expect(await bot.sent("one"))
            bot.time.advance(by: .milliseconds(-400))
            try await bot.send("two")
            #expect(await bot.isQuiet())
            await bot.pass(.milliseconds(400))
            #expect(await bot.sent("one", "two"))
        }
        #expect(warnings(bot) == 0)
    }
}
