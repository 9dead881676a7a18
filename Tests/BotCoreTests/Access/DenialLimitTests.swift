import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Refusals are entries of the audit, but do not fill it.
@Suite(.timeLimit(.minutes(1))) struct DenialLimitTests {
    private func bot() async throws -> BotUnderTest {
        try await BotUnderTest {
            $0.settings = ["OWNER_PHONE_NUMBERS": "15550000009"]
            $0.responders =
                (1...5).map { number in
                    TestCommand(words: ["grave\(number)"], needs: Permission("grave\(number)", .admin)) { _, _ in
                        [.verbatim("done")]
                    }
                } + [
                    TestCommand(words: ["act"]) { _, _ in
                        Answer([.verbatim("done")], audit: [AuditEntry(.accessChange)])
                    }
                ]
        }
    }

    private func say(_ bot: BotUnderTest, _ text: String, times: Int, from person: String = "dana") async throws {
        for _ in 0..<times {
            try await bot.receive(.sample(text, from: person, at: bot.time.now))
            #expect(await bot.isQuiet())
        }
    }

    private func details(_ bot: BotUnderTest) async throws -> [String] {
        try await bot.database.rows("SELECT details FROM audit_entry ORDER BY sequence").map { try $0.text("details") }
    }

    @Test func `the same of one member is told so often in an hour, and then that there is more`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await say(bot, "!grave1", times: 60)
            #expect(bot.provider.texts.count == 60)
            var told = try await details(bot)
            #expect(told.count == DenialLimit.ofOne + 1)
            #expect(told.last?.contains("of this kind not listed for an hour, after 40") == true)
            #expect(told.dropLast().allSatisfy { !$0.contains("further") })
            // Something else, somebody else, and what is done.
            try await say(bot, "!grave2", times: 1)
            try await say(bot, "!grave1", times: 1, from: "omer")
            try await say(bot, "!act", times: 50)
            #expect(try await details(bot).count == told.count + 52)
            await bot.pass(.seconds(3_601))
            try await say(bot, "!grave1", times: 1)
            told = try await details(bot)
            #expect(told.last?.contains("grave1") == true && told.last?.contains("further") == false)
        }
    }

    @Test func `nor do many kinds fill it`() async throws {
        let bot = try await bot()
        try await bot.run {
            for number in 1...5 { try await say(bot, "!grave\(number)", times: 35) }
            let told = try await details(bot)
            #expect(told.count == DenialLimit.ofAll + 1)
            #expect(told.last?.contains("of any kind not listed for an hour, after 120") == true)
        }
    }

    @Test func `what cannot be counted is told`() async throws {
        let bot = try await bot()
        try await bot.run {
            bot.database.fail("INSERT INTO counter", times: .max, with: .unreachable("cut"))
            try await say(bot, "!grave1", times: 1)
            #expect(try await details(bot).count == 1)
        }
    }
}
