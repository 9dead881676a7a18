import BotKit
import Foundation
import Logging
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct MissingAccountTests {
    private let chats = ["dana", "omer"].map { ChatID(account: "gone:bot", name: $0) }

    @Test func `replies wait for an account that is missing, with one alert for all of them`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            for chat in chats { try await bot.send("one", "two", to: chat) }
            try await bot.send("other")
            #expect(await bot.sent("other"))
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(7_200), in: 20)
        }
        #expect(try await bot.outboxStates() == ["queued", "queued", "queued", "queued", "done"])
        #expect(bot.log.alerts == ["account_missing"])
        let alert = try #require(bot.log.entries.first { $0.metadata["alert"] != nil })
        #expect(alert.metadata["account"].map { "\($0)" } == "gone:bot")
        #expect(alert.metadata["setting"] == "GONE_ACCOUNT")
    }

    @Test func `goes out when the account is back after a restart`() async throws {
        let store = try SQLiteDatabase.temporary()
        let first = try await BotUnderTest(over: store)
        try await first.run {
            try await first.send("one", "two", to: chats[0])
            #expect(await first.isQuiet())
        }
        let second = try await BotUnderTest(over: store, at: .monday.adding(.seconds(3_600)))
        let back = RecordingProvider(
            account: "gone:bot", abilities: Abilities(textLimit: 4_096, choosesMessageIDs: true), time: second.time)
        second.directory.add(back)
        try await second.run { #expect(await eventually { back.texts == ["one", "two"] }) }
        // What was stored while nobody could choose its id has one before it is sent.
        #expect(Set(back.sendings.compactMap(\.message.messageID)).count == 2)
        #expect(try await second.count("SELECT COUNT(*) AS n FROM outbox WHERE network_id LIKE 'own-%'") == 2)
    }

    @Test func `goes out when the account comes while the bot runs`() async throws {
        let bot = try await BotUnderTest()
        try await bot.run {
            try await bot.send("one", to: chats[0])
            #expect(await bot.isQuiet())
            let back = RecordingProvider(account: "gone:bot", time: bot.time)
            bot.directory.add(back)
            await bot.pass(.seconds(600))
            #expect(await eventually { back.texts == ["one"] })
        }
    }

    @Test func `becomes a dead letter only at the age of one`() async throws {
        let bot = try await BotUnderTest { $0.settings = ["OUTBOX_MAX_AGE_SECONDS": "86400"] }
        try await bot.run {
            try await bot.send("one", to: chats[0])
            #expect(await bot.isQuiet())
            await bot.pass(.seconds(86_400), in: 10)
            #expect(try await bot.outboxStates() == ["queued"])
            await bot.pass(.seconds(1))
            #expect(try await eventually { try await bot.outboxStates() == ["dead"] })
        }
        #expect(bot.log.alerts == ["account_missing", "dead_letter"])
        let letter = try #require(try await bot.database.deadLetters().first)
        #expect(letter.sort == "reply" && letter.kind == "gone" && letter.problem == "no_account")
    }
}
