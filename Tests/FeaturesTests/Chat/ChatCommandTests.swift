import BotKit
import Features
import Foundation
import TestKit
import Testing

@Suite struct ChatCommandTests {
    let model = ScriptedModel { .sample("yes", for: $0) }

    private func features(_ settings: [String: String] = [:]) async throws -> FeaturesUnderTest {
        try await FeaturesUnderTest(settings, model: model)
    }

    @Test(arguments: ["!reset", "/reset", "!RESET", "!reset now please", "!reset,", "!איפוס"])
    func `reset forgets the conversation of its chat`(_ text: String) async throws {
        let features = try await features()
        try await features.say(.sample("hello"))
        try await features.say(.sample("hello", from: "omer"))
        #expect(try await features.say(.sample(text)) == "The conversation was reset. We start fresh.")
        try await features.say(.sample("who am I?"))
        #expect(model.requests.last?.transcript == ["user: who am I?"])
        try await features.say(.sample("who am I?", from: "omer"))
        #expect(model.requests.last?.messages.count == 3)
    }

    @Test func `reset says when there is nothing to forget`() async throws {
        #expect(try await features().say(.sample("!reset")) == "There is no conversation to reset yet.")
        #expect(try await features().say(.sample("!reset", language: .hebrew)) == "עדיין אין שיחה לאפס.")
    }

    @Test(arguments: [
        ("!forget", "!forget", true), ("!forget", "!forget it all", true), ("!forget", "!reset", true),
        ("forget", "Forget", true), ("forget", "forget me not", false), ("forget", "forgetful", false),
    ])
    func `a word of the operator's choice resets too`(_ prefix: String, _ text: String, _ resets: Bool) async throws {
        let features = try await features(["RESET_PREFIX": prefix])
        #expect(try await features.say(.sample(text))?.hasPrefix("There is no conversation") == resets)
    }

    @Test(arguments: ["!stop", "/stop", "!stop.", "!עצור", "!די!"])
    func `stop says what it did`(_ text: String) async throws {
        let features = try await features()
        #expect(features.responder(for: .sample(text))?.stopsRunningAnswer == true)
        #expect(try await features.say(.sample(text, stoppedAnswer: true)) == "Stopped.")
        #expect(try await features.say(.sample(text)) == "I'm not working on an answer right now.")
        #expect(try await features.say(.sample(text, language: .hebrew, stoppedAnswer: true)) == "עצרתי.")
    }

    @Test func `only answers of the model take time`() async throws {
        let features = try await features()
        for text in ["hello", "!gpt hello"] { #expect(features.responder(for: .sample(text))?.takesTime == true) }
        for text in ["!reset", "!status", "!stop", "!help"] {
            #expect(features.responder(for: .sample(text))?.takesTime == false)
        }
    }

    @Test func `status tells the model, the window and the time`() async throws {
        let features = try await features()
        try await features.say(.sample("hello there"))
        #expect(
            try await features.say(.sample("!status"))
                == """
                I'm up and running.
                Model: test-model
                I remember 2 messages of this conversation (19 of 4096 tokens).
                Running for 1 h 5 min.
                """)
        #expect(
            try await features.say(.sample("!סטטוס", language: .hebrew))?.contains("\u{2066}test-model\u{2069}") == true
        )
    }

    @Test func `status of a message from before the start runs for no time`() async throws {
        let early = Date.monday.addingTimeInterval(-86_400)
        #expect(try await features().say(.sample("!status", at: early))?.contains("Running for 0 h 0 min.") == true)
    }
}
