import BotKit
import Features
import TestKit
import Testing

@Suite struct HelpTests {
    private func lines(_ turn: Turn) async throws -> [String] {
        try #require(try await FeaturesUnderTest().say(turn)).split(separator: "\n").map { String($0) }
    }

    @Test(arguments: ["!help", "/help", "!HELP", "!start", "!עזרה"])
    func `lists what a member can do`(_ text: String) async throws {
        let lines = try await lines(.sample(text))
        #expect(lines.first?.hasPrefix("Just write to me") == true)
        #expect(lines.dropFirst().map { $0.prefix { $0 != " " } } == ["!stop", "!reset", "!status", "!gpt", "!help"])
    }

    @Test(arguments: [(Role.user, false), (.operator, false), (.admin, true), (.owner, true)])
    func `lists a command only for those who may use it`(_ role: Role, _ isListed: Bool) async throws {
        let lines = try await lines(.sample("!help", role: role))
        #expect(lines.contains { $0.hasPrefix("!activation") } == isListed)
    }

    @Test func `names the operator's words, and how to begin where only commands are heard`() async throws {
        let bot = try await FeaturesUnderTest(
            ["GPT_PREFIX": "!ask", "RESET_PREFIX": "!neu", "PREFIX_ENABLED": "true"])
        for group in [nil, "g"] {
            let text = try #require(try await bot.say(.sample("!help", group: group, activation: .prefix)))
            #expect(text.hasPrefix("Begin a message with"))
            #expect(text.contains("\n!ask question") && text.contains("\n!neu –"))
        }
    }

    @Test func `keeps a command with its words together in Hebrew`() async throws {
        let lines = try await lines(.sample("!help", role: .owner, group: "g", language: .hebrew))
        #expect(
            lines.contains("\u{2066}!activation mention|prefix|always\u{2069} – מתי אני עונה בקבוצה הזאת"))
    }

    @Test func `speaks Hebrew, and tells a group how to address it`() async throws {
        let lines = try await lines(.sample("!help", group: "g", language: .hebrew))
        #expect(lines.first?.hasPrefix("אפשר לתייג אותי") == true)
        #expect(lines.allSatisfy { Language.detected(in: $0) == .hebrew })
        #expect(
            lines.dropFirst() == [
                "\u{2066}!stop\u{2069} – לעצור את התשובה שאני מכין (בקבוצה כל אחד יכול), ואת מה שממתין בתור בשבילך",
                "\u{2066}!reset\u{2069} – להתחיל שיחה חדשה",
                "\u{2066}!status\u{2069} – איזה מודל עונה ומה מצבי",
                "\u{2066}!gpt\u{2069} שאלה – לשאול אותי כל דבר", "\u{2066}!help\u{2069} – הרשימה הזאת",
            ])
    }
}
