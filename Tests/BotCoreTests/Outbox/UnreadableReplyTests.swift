import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct UnreadableReplyTests {
    @Test(arguments: unreadablePayloads)
    func `becomes a dead letter with an alert, and the rest of its chat goes out`(_ payload: SQLValue) async throws {
        let bot = try await BotUnderTest()
        let rows = try await bot.send("1", "2", "3")
        try await bot.database.run("UPDATE outbox SET payload = \(payload) WHERE id = \(rows[1])")
        await bot.core.outbox.lookAgain(in: .sample())
        try await bot.run {
            #expect(await bot.sent("1", "3"))
            #expect(await bot.isQuiet())
        }
        #expect(try await bot.outboxStates() == ["done", "dead", "done"])
        #expect(try await bot.database.deadLetters().map(\.problem) == ["unreadable"])
        #expect(bot.log.alerts == ["dead_letter"])
        #expect(bot.log.alertsOfOneHiddenChat)
        #expect(!"\(bot.log.entries)".contains("dana") && !"\(bot.log.entries)".contains("hologram"))
    }

    @Test func `among more than fit in memory, the others go out in order`() async throws {
        let bot = try await BotUnderTest()
        for number in 1...250 { try await bot.send("\(number)") }
        try await bot.database.run("UPDATE outbox SET payload = '{' WHERE id % 7 = 0")
        let readable = try await bot.count("SELECT COUNT(*) AS n FROM outbox WHERE payload <> '{'")
        await bot.core.outbox.lookAgain(in: .sample())
        try await bot.run { #expect(await eventually { bot.provider.texts.count == readable }) }
        let numbers = bot.provider.texts.compactMap { Int($0) }
        #expect(numbers == numbers.sorted())
        #expect(bot.provider.sendings.count == readable)
    }
}
