import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// When a chat is asked whether more than its running conversation may be kept.
@Suite(.timeLimit(.minutes(1))) struct ConsentTests {
    private func hours(_ count: Double) -> Date { .monday.addingTimeInterval(3_600 * count) }

    /// What a chat is asked at a time; what follows from it becomes true.
    private func asked(
        _ bot: BotUnderTest, at hour: Double, group: String? = nil, language: Language = .english,
        _ settings: [String: String] = [:]
    ) async throws -> String? {
        let turn = Turn.sample(group: group, language: language, at: hours(hour))
        guard let answer = try await bot.privacy(settings).question(for: turn) else { return nil }
        try await bot.database.transaction(answer.writes)
        #expect(answer.replies.count == 1)
        return answer.replies[0].rendered(in: language, by: Phrasebook(), quoting: nil).text
    }

    @Test func `is asked once, when something is older than a running conversation, and not before`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        try await bot.receive(.sample("elsewhere", from: "omer", at: hours(-100)))
        for hour in [0, 1, 23, 24.0] { #expect(try await asked(bot, at: hour) == nil) }
        let question = try #require(try await asked(bot, at: 24.1))
        #expect(question.contains("30 days") && question.contains("24 hours"))
        for hour in [24.2, 48, 2_000] { #expect(try await asked(bot, at: hour) == nil) }
        // That it was asked is no consent.
        #expect(try await bot.privacy().choice(of: .sample()).consent == nil)
    }

    @Test func `is looked up when something may have changed, and not with every answer`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        let ledger = try bot.privacy()
        var looks: [Int] = []
        for hour in [0, 1, 12, 23.9, 24.1, 24.2, 24.5, 25, 25.3] {
            let answer = try await ledger.question(for: .sample(at: hours(hour)))
            #expect((answer != nil) == (hour == 24.1))
            try await bot.database.transaction(answer?.writes ?? [])
            looks.append(bot.database.count("FROM privacy_choice"))
        }
        #expect(looks == [1, 1, 1, 1, 2, 3, 3, 3, 4])
        #expect(bot.database.count("MIN(received_at") == 2)
    }

    @Test func `a clock that is set back keeps nobody from being asked`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first", at: hours(-100)))
        try await bot.receive(.sample("elsewhere", from: "omer"))
        let ledger = try bot.privacy()
        #expect(try await ledger.question(for: .sample(from: "omer", at: hours(20))) == nil)
        try await bot.database.run("UPDATE inbox SET received_at = \(hours(-100)) WHERE member LIKE '%omer'")
        #expect(try await ledger.question(for: .sample(from: "omer", at: hours(21))) == nil)
        #expect(try await ledger.question(for: .sample(from: "omer", at: hours(-50))) != nil)
    }

    @Test func `its answer is a tap`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        let answer = try #require(try await bot.privacy().question(for: .sample(at: hours(25))))
        guard case .menu(let menu)? = answer.replies.first?.content else { return #expect(Bool(false)) }
        #expect(menu.options.map(\.id) == ["!privacy accept", "!privacy decline"])
    }

    @Test func `is asked in the language of the chat, and for the days that it chose`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        try await bot.database.transaction(bot.privacy().keeping(.sample(), days: 7, at: .monday))
        let question = try #require(try await asked(bot, at: 25, language: .hebrew))
        #expect(question.contains("אפשר לשמור") && question.contains("7"))
    }

    @Test func `in a group everybody reads it, and admins are asked`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first", group: "team"))
        let notice = try #require(try await asked(bot, at: 25, group: "team"))
        #expect(notice.contains("For everybody") && notice.contains("admin") && notice.contains("!privacy accept"))
        #expect(try await asked(bot, at: 26, group: "team") == nil)
    }

    @Test(arguments: PrivacyChoice.Consent.allCases)
    func `nobody is asked who decided`(_ consent: PrivacyChoice.Consent) async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        try await bot.database.transaction(bot.privacy().noting(consent, in: .sample(), at: .monday))
        #expect(try await asked(bot, at: 25) == nil)
    }

    @Test func `nobody is asked where the operator has everything kept`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("first"))
        #expect(try await asked(bot, at: 2_000, ["PRIVACY_RUNNING_HOURS": "0"]) == nil)
    }
}
