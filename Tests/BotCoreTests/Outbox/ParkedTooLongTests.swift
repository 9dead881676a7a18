import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct ParkedTooLongTests {
    private func park(_ text: String, in bot: BotUnderTest) async throws {
        bot.provider.script(.failure(.sample(.windowClosed)))
        try await bot.send(text)
        #expect(try await eventually { try await bot.outboxStates() == ["parked"] })
    }

    @Test func `what waited for its member too long becomes a dead letter with an alert, and then goes`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await park("one", in: bot)
            await bot.pass(.seconds(86_400 * 20), in: 20)
            #expect(try await bot.outboxStates() == ["parked"])
            #expect(bot.log.alerts == [])
            await bot.pass(.seconds(86_400 * 3), in: 3)
            #expect(try await eventually { try await bot.outboxStates() == ["dead"] })
            #expect(bot.log.alerts == ["dead_letter"])
            #expect(try await bot.database.deadLetters().map(\.problem) == ["parked_too_long"])
            // A dead letter can be read for a week before retention takes it.
            await bot.pass(.seconds(86_400 * 6), in: 6)
            #expect(try await bot.outboxStates() == ["dead"])
            await bot.pass(.seconds(86_400 * 4), in: 4)
            #expect(try await eventually { try await bot.outboxStates() == [] })
        }
        #expect(bot.log.alerts == ["dead_letter"])
    }

    @Test func `a member who writes in time still gets it`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await park("one", in: bot)
            await bot.pass(.seconds(86_400 * 20), in: 20)
            try await bot.receive(.sample("hi", at: bot.time.now))
            #expect(await bot.sent("one", "re: hi"))
        }
    }
}
