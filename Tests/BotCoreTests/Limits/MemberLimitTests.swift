import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// The limits on what members may ask, along the whole line.
@Suite(.timeLimit(.minutes(1))) struct MemberLimitTests {
    private static let slowDown = "Slow down! You're sending messages too quickly. Try again in 1 minute."
    private static let notice = "That was too many messages at once. I won't read any more from you for 5 minutes."

    private func bot(_ settings: [String: String], over database: (any Database)? = nil, at start: Date = .monday)
        async throws -> BotUnderTest
    {
        try await BotUnderTest(over: database, at: start) {
            $0.settings = settings.merging(["OWNER_PHONE_NUMBERS": "15550000009"]) { $1 }
            $0.responders = [
                TestCommand(words: ["help"]) { _, _ in [.verbatim("help")] },
                Answerer(costs: true) { [.verbatim("re: \($0.text)")] },
            ]
        }
    }

    /// Has somebody say `count` things, one after the other.
    private func say(
        _ count: Int, _ text: String = "hi", from person: String = "dana", phone: String? = nil, group: String? = nil,
        mentionsBot: Bool = false, to bot: BotUnderTest
    ) async throws {
        for _ in 0..<count {
            try await bot.receive(
                .sample(text, from: person, phone: phone, group: group, at: bot.time.now, mentionsBot: mentionsBot))
            #expect(await bot.isQuiet())
        }
    }

    private func count(_ text: String, _ bot: BotUnderTest) -> Int { bot.provider.texts.count { $0 == text } }

    // MARK: - What costs

    @Test func `the eleventh question of a minute is refused, commands are not`() async throws {
        let bot = try await bot(["RATE_LIMIT_PER_USER": "10"])
        try await bot.run {
            try await say(10, to: bot)
            #expect(count("re: hi", bot) == 10)
            try await say(1, to: bot)
            #expect(bot.provider.texts.last == Self.slowDown)
            try await say(1, "!help", to: bot)
            #expect(bot.provider.texts.last == "help")
            try await say(1, "שלום", to: bot)
            #expect(bot.provider.texts.last?.contains("לאט לאט") == true)
            try await say(1, from: "omer", to: bot)
            #expect(count("re: hi", bot) == 11)
            await bot.pass(.seconds(6))
            try await say(2, to: bot)
            #expect(count("re: hi", bot) == 12)
        }
        #expect(try await bot.inboxStates().count { $0 == "refused" } == 3)
    }

    @Test func `the hundred and first question of all is refused, and costs its member nothing`() async throws {
        let bot = try await bot(["RATE_LIMIT_PER_USER": "10", "RATE_LIMIT_GLOBAL": "100"])
        try await bot.run {
            for person in 0..<10 { try await say(10, from: "p\(person)", to: bot) }
            #expect(count("re: hi", bot) == 100)
            try await say(12, to: bot)
            #expect(count("System busy, try again in 1 minute.", bot) == 12)
            await bot.pass(.seconds(60))
            try await say(11, to: bot)
            #expect(count("re: hi", bot) == 110)
            #expect(count(Self.slowDown, bot) == 1)
        }
    }

    @Test func `what was asked before a restart counts`() async throws {
        let first = try await bot(["RATE_LIMIT_PER_USER": "10"])
        try await first.run { try await say(7, to: first) }
        let second = try await bot(["RATE_LIMIT_PER_USER": "10"], over: first.database.real)
        try await second.run { try await say(4, to: second) }
        #expect(second.provider.texts == ["re: hi", "re: hi", "re: hi", Self.slowDown])
    }

    @Test func `a window of its own is told of in minutes`() async throws {
        let bot = try await bot(["RATE_LIMIT_PER_USER": "1", "RATE_LIMIT_PER_USER_WINDOW": "600"])
        try await bot.run {
            try await say(2, to: bot)
            #expect(
                bot.provider.texts.last
                    == "Slow down! You're sending messages too quickly. Try again in 10 minutes.")
            await bot.pass(.seconds(600))
            try await say(1, to: bot)
            #expect(count("re: hi", bot) == 2)
        }
    }

    @Test(arguments: [["RATE_LIMIT_PER_USER": "3", "RATE_LIMIT_GLOBAL": "3", "RATE_LIMIT_ENABLED": "false"], [:]])
    func `limits that are off ask the store nothing`(_ settings: [String: String]) async throws {
        let bot = try await bot(settings)
        try await bot.run { try await say(15, to: bot) }
        #expect(count("re: hi", bot) == 15)
        #expect(bot.database.count("INTO counter") == 0)
    }

    @Test func `owners are exempt from all of them`() async throws {
        let bot = try await bot(["RATE_LIMIT_PER_USER": "2", "RATE_LIMIT_GLOBAL": "2", "FLOOD_LIMIT": "3"])
        try await bot.run {
            try await say(8, from: "owner", phone: "15550000009", to: bot)
            #expect(count("re: hi", bot) == 8)
            // Nor do they take anything from the others.
            try await say(2, to: bot)
            #expect(count("re: hi", bot) == 10)
        }
    }

    @Test func `a store that fails lets nobody through for nothing`() async throws {
        let bot = try await bot(["RATE_LIMIT_PER_USER": "10"])
        bot.database.fail("INTO counter")
        try await bot.run { try await say(1, to: bot) }
        #expect(count("re: hi", bot) == 0)
        #expect(try await bot.inboxStates() == ["failed"])
    }

    // MARK: - Floods

    @Test func `the thirty-first message of a minute brings a notice, and then silence for five minutes`() async throws
    {
        let bot = try await bot(["FLOOD_LIMIT": "30"])
        try await bot.run {
            try await say(30, "!help", to: bot)
            #expect(count("help", bot) == 30)
            try await say(5, "!help", to: bot)
            #expect(bot.provider.texts.count == 31)
            #expect(bot.provider.texts.last == Self.notice)
            try await say(1, "!help", from: "omer", to: bot)
            #expect(count("help", bot) == 31)
            await bot.pass(.milliseconds(299_999))
            try await say(1, "!help", to: bot)
            #expect(bot.provider.texts.count == 32)
            await bot.pass(.milliseconds(1))
            try await say(1, "!help", to: bot)
            #expect(count("help", bot) == 32)
        }
        let states = try await bot.inboxStates()
        #expect(states.count { $0 == "refused" } == 1 && states.count { $0 == "ignored" } == 5)
        let denials = try await bot.count(
            "SELECT COUNT(*) AS n FROM audit_entry WHERE action = 'RBAC_DENIED' AND outcome = 'denied'")
        #expect(denials == 1)
    }

    @Test func `a restart ends no ban`() async throws {
        let first = try await bot(["FLOOD_LIMIT": "3"])
        try await first.run { try await say(4, to: first) }
        #expect(first.provider.texts.last == Self.notice)
        let second = try await bot(
            ["FLOOD_LIMIT": "3"], over: first.database.real, at: .monday.adding(.seconds(100)))
        try await second.run {
            try await say(2, to: second)
            #expect(second.provider.texts == [])
            await second.pass(.seconds(200))
            try await say(1, to: second)
            #expect(second.provider.texts == ["re: hi"])
        }
    }

    @Test func `what people of a group say to each other bans nobody`() async throws {
        let bot = try await bot(["FLOOD_LIMIT": "3", "RATE_LIMIT_PER_USER": "3"])
        try await bot.run {
            try await say(20, group: "g", to: bot)
            #expect(bot.provider.texts == [])
            try await say(1, to: bot)
            try await say(2, group: "g", mentionsBot: true, to: bot)
            #expect(count("re: hi", bot) == 3)
            // What they say to the bot counts wherever they say it.
            try await say(1, group: "g", mentionsBot: true, to: bot)
            #expect(bot.provider.texts.last == Self.notice)
        }
    }

    @Test func `who is kept out is not counted`() async throws {
        let bot = try await bot(["FLOOD_LIMIT": "3", "ACCESS_POLICY": "allowlist"])
        try await bot.run { try await say(6, to: bot) }
        #expect(bot.provider.texts == [])
        #expect(bot.database.count("INTO counter") == 0)
    }

    @Test func `a clock that is set back by an hour bans nobody for longer`() async throws {
        let bot = try await bot(["FLOOD_LIMIT": "3"])
        try await bot.run {
            try await say(4, to: bot)
            bot.time.advance(by: .seconds(-3_600))
            try await say(1, to: bot)
            #expect(bot.provider.texts.count == 4)
            await bot.pass(.seconds(300))
            try await say(1, to: bot)
            #expect(bot.provider.texts.last == "re: hi")
        }
    }
}
