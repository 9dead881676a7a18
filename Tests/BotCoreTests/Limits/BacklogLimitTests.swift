import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What is said in a chat to which more waits to be sent than ever will be soon.
@Suite(.timeLimit(.minutes(1))) struct BacklogLimitTests {
    private static let notice =
        "While so many of my answers here were waiting to be sent, I left what came after this unanswered. If it still "
        + "matters, please send it again."

    /// Two replies a minute go to a chat, and five may wait.
    private func bot(over database: (any Database)? = nil, at start: Date = .monday, waiting: Int = 5) async throws
        -> BotUnderTest
    {
        try await BotUnderTest(over: database, at: start) {
            $0.settings = [
                "SEND_LIMIT_PER_CHAT": "2", "SEND_WAITING_PER_CHAT": "\(waiting)",
                "OWNER_PHONE_NUMBERS": "15550000009", "ADMIN_PHONE_NUMBERS": "15550000008",
            ]
            $0.responders = [
                TestCommand.stop,
                TestCommand(words: ["grave"], needs: Permission("grave", .admin)) { _, _ in [.verbatim("done")] },
                Answerer(costs: true) { [.verbatim("re: \($0.text)")] },
            ]
        }
    }

    private func say(
        _ texts: [String], from person: String = "dana", phone: String? = nil, group: String? = nil,
        to bot: BotUnderTest
    ) async throws {
        for text in texts {
            try await bot.receive(
                .sample(text, from: person, phone: phone, group: group, at: bot.time.now, mentionsBot: group != nil))
            #expect(await bot.isQuiet())
        }
    }

    private func numbers(_ range: ClosedRange<Int>) -> [String] { range.map { "\($0)" } }

    private func held(_ bot: BotUnderTest) async throws -> Int {
        try await bot.count("SELECT COUNT(*) AS n FROM inbox WHERE state = 'ignored' AND reason = 'backlog'")
    }

    private func waiting(_ bot: BotUnderTest) async throws -> Int {
        try await bot.count("SELECT COUNT(*) AS n FROM outbox WHERE state = 'queued'")
    }

    @Test func `brings one notice while the line is full, drops nothing, and ends with it`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await say(numbers(1...12), to: bot)
            // Two went out, five wait, and behind them the notice.
            #expect(try await waiting(bot) == 6)
            #expect(try await held(bot) == 5)
            await bot.pass(.seconds(60))
            // One that goes out makes room for one, and for no other notice.
            try await say(numbers(13...20), to: bot)
            await bot.pass(.seconds(60 * 10), in: 10)
            let texts = bot.provider.texts
            #expect(Array(texts.prefix(8)) == numbers(1...7).map { "re: \($0)" } + [Self.notice])
            #expect(texts.count { $0 == Self.notice } == 1)
            #expect(Set(texts).count == texts.count)
            try await say(["after"], to: bot)
            #expect(bot.provider.texts.last == "re: after")
        }
        #expect(try await bot.outboxStates().allSatisfy { $0 == "done" })
        #expect(bot.log.alerts.isEmpty)
    }

    @Test func `leaves other chats, what ends an answer, admins' acts and owners alone`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await say(numbers(1...9), group: "g", to: bot)
            #expect(try await held(bot) == 2)
            try await say(["1"], to: bot)
            #expect(bot.provider.texts(in: .sample()) == ["re: 1"])
            for (person, phone, text) in [
                ("admin", "15550000008", "!grave"), ("omer", "15550000007", "!stop"), ("owner", "15550000009", "hello"),
            ] {
                let before = try await waiting(bot)
                try await say([text], from: person, phone: phone, group: "g", to: bot)
                #expect(try await waiting(bot) == before + 1, "\(text)")
            }
            #expect(try await held(bot) == 2)
        }
    }

    @Test func `holds after a restart, with no second notice`() async throws {
        let first = try await bot()
        try await first.run { try await say(numbers(1...9), to: first) }
        let second = try await bot(over: first.database.real)
        try await second.run {
            try await say(numbers(10...12), to: second)
            #expect(try await held(second) == 5)
            await second.pass(.seconds(60 * 5), in: 5)
            #expect(second.provider.texts.count { $0 == Self.notice } == 1)
        }
    }

    @Test func `costs no look into the table while little waits, and nothing when it is off`() async throws {
        let bot = try await bot()
        try await bot.run {
            // What comes before the table was read once is looked up.
            #expect(await bot.isQuiet())
            try await say(numbers(1...6), to: bot)
        }
        #expect(bot.database.count("LIKE") == 0)
        let off = try await self.bot(waiting: 0)
        try await off.run { try await say(numbers(1...9), to: off) }
        #expect(try await held(off) == 0)
    }
}
