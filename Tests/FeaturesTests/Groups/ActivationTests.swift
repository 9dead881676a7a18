import BotKit
import Features
import TestKit
import Testing

@Suite struct ActivationTests {
    private func turn(_ text: String, role: Role = .admin, group: String? = "g") -> Turn {
        .sample(text, role: role, group: group, activation: .prefix)
    }

    private func stored(_ features: FeaturesUnderTest) async throws -> String? {
        try await features.database.rows("SELECT activation FROM chat_setting WHERE chat = 'test:bot/g'").first?
            .optionalText("activation")
    }

    @Test(arguments: [
        ("mention", "mention", "In this group I answer mentions, commands and replies to my messages."),
        ("PREFIX", "prefix", "In this group I answer only commands and replies to my messages."),
        (" Always ", "always", "In this group I answer every message."),
    ])
    func `stores the rule of the group, and says it in words`(
        _ word: String, _ expected: String, _ sentence: String
    ) async throws {
        let features = try await FeaturesUnderTest()
        let reply = try await features.say(turn("!activation \(word)"))
        #expect(reply == sentence)
        #expect(try await stored(features) == expected)
    }

    @Test func `keeps the language of the chat, and may be changed again`() async throws {
        let features = try await FeaturesUnderTest()
        try await features.database.run("INSERT INTO chat_setting (chat, language) VALUES ('test:bot/g', 'he')")
        for rule in ["always", "prefix"] { try await features.say(turn("!activation \(rule)")) }
        let row = try await features.database.rows("SELECT language, activation FROM chat_setting")[0]
        #expect(try row.text("language") == "he" && row.text("activation") == "prefix")
    }

    @Test func `says the rule when none is given, and how it is used when it is wrong`() async throws {
        let features = try await FeaturesUnderTest()
        #expect(
            try await features.say(turn("!activation"))
                == "In this group I answer only commands and replies to my messages.")
        #expect(
            try await features.refusal(turn("!activation sometimes"))?.hasPrefix("!activation mention|prefix") == true)
        #expect(try await stored(features) == nil)
    }

    @Test func `is for admins, and those of the group`() async throws {
        let responder = try #require(try await FeaturesUnderTest().responder(for: turn("!activation always")))
        #expect(responder.needs == .setActivation)
    }
}
