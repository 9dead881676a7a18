import BotKit
import Features
import Foundation
import TestKit
import Testing

/// What the model remembers, and how much of it.
@Suite struct ConversationTests {
    private let words = WordCounter()

    /// Answers with a number of words that each have the question's number in them.
    private static func talking(_ count: @escaping @Sendable (Int) -> Int) -> ScriptedModel.Behaviour {
        { request in
            let turn = request.messages.last.flatMap { message -> Int? in
                guard case .text(let text)? = message.parts.first else { return nil }
                return text.split(whereSeparator: { !$0.isNumber }).first.flatMap { Int($0) }
            }
            return .sample(Self.said("a", turn ?? 0, count(turn ?? 0)), for: request)
        }
    }

    private static func said(_ letter: String, _ number: Int, _ count: Int) -> String {
        Array(repeating: "\(letter)\(number)", count: count).joined(separator: " ")
    }

    private func tokens(_ features: FeaturesUnderTest) async throws -> [Int] {
        try await features.database.rows("SELECT tokens FROM conversation_entry ORDER BY id").map {
            Int(try $0.int("tokens"))
        }
    }

    /// What the server counts for a request.
    private func size(_ request: ModelRequest) -> Int { request.messages.reduce(0) { $0 + words.count(of: $1) } }

    @Test func `each chat has its own conversation`() async throws {
        let model = ScriptedModel { .sample("yes", for: $0) }
        let features = try await FeaturesUnderTest(model: model)
        try await features.say(.sample("I am Dana"))
        try await features.say(.sample("I am Omer", from: "omer"))
        try await features.say(.sample("who am I?"))
        #expect(model.requests.last?.transcript == ["user: I am Dana", "assistant: yes", "user: who am I?"])
    }

    @Test func `goes on after a restart`() async throws {
        let model = ScriptedModel { .sample("yes", for: $0) }
        let before = try await FeaturesUnderTest(model: model)
        try await before.say(.sample("remember this"))
        let after = try await FeaturesUnderTest(model: model, over: before.database)
        try await after.say(.sample("what did I say?"))
        #expect(model.requests.last?.transcript == ["user: remember this", "assistant: yes", "user: what did I say?"])
    }

    @Test func `learns the exact sizes from what the server counts`() async throws {
        let features = try await FeaturesUnderTest(
            ["PRE_PROMPT": "be kind"], model: ScriptedModel(answering: Self.talking { $0 * 2 }))
        for turn in 1...4 { try await features.say(.sample(Self.said("q", turn, turn * 10))) }
        // The first question and answer by our own bound; from then on a question is its words and two frames.
        let frame = WordCounter.frame
        #expect(
            try await tokens(features) == [10 + 8, 2 + 8, 20 + 2 * frame, 4, 30 + 2 * frame, 6, 40 + 2 * frame, 8])
    }

    @Test func `counts by itself when the server tells nothing`() async throws {
        let model = ScriptedModel { request in
            var reply = ModelReply.sample("three words here")
            reply.usage.isEstimate = true
            return reply
        }
        let features = try await FeaturesUnderTest(model: model)
        for _ in 1...2 { try await features.say(.sample("a b")) }
        #expect(try await tokens(features) == [2 + 8, 3 + 8, 2 + 8, 3 + 8])
    }

    @Test(arguments: [true, false], [nil, "You are a helper that answers in few words."])
    func `never asks for more than the window, leaves the oldest out first, and wastes little`(
        _ serverCounts: Bool, _ prePrompt: String?
    ) async throws {
        let limit = 300
        let talk = Self.talking { 3 + ($0 * 7) % 40 }
        let model = ScriptedModel { request in
            var reply = try talk(request)
            reply.usage.isEstimate = !serverCounts
            return reply
        }
        var settings = ["MAX_MODEL_TOKENS": "\(limit)"]
        settings["PRE_PROMPT"] = prePrompt
        let features = try await FeaturesUnderTest(settings, model: model)
        var transcript: [String] = []
        for turn in 1...60 {
            let question = Self.said("q", turn, 1 + (turn * 11) % 50)
            let answer = try #require(try await features.say(.sample(question, id: Int64(turn))))
            let request = try #require(model.requests.last)
            #expect(size(request) <= limit)
            let said = request.transcript.dropFirst(prePrompt == nil ? 0 : 1).dropLast()
            #expect(transcript.suffix(said.count) == Array(said))
            #expect(said.first?.hasPrefix("user") ?? true)
            // What was left out would not have fitted, but for the frames that we count more generously.
            if said.count < transcript.count {
                let next = transcript.dropLast(said.count).suffix(2).reduce(0) { $0 + words.count($1) }
                #expect(size(request) + (said.count + 2) * (8 - WordCounter.frame) + 8 + next + 2 * 8 > limit)
            }
            transcript += ["user: \(question)", "assistant: \(answer)"]
        }
    }

    @Test func `a large window holds as many entries as fit`() async throws {
        let model = ScriptedModel { .sample("yes", for: $0) }
        let features = try await FeaturesUnderTest(["MAX_MODEL_TOKENS": "100000"], model: model)
        for turn in 1...230 { try await features.say(.sample("question \(turn)", id: Int64(turn))) }
        #expect(try #require(model.requests.last).transcript.first == "user: question 1")
    }

    @Test func `reasoning is paid for and not remembered`() async throws {
        let model = ScriptedModel { .sample("yes", for: $0, reasoning: 1_000) }
        let features = try await FeaturesUnderTest(model: model)
        for _ in 1...3 { try await features.say(.sample("hello")) }
        #expect(try await tokens(features).allSatisfy { $0 < 20 })
    }

    @Test func `an image counts in its own request only`() async throws {
        let model = ScriptedModel { .sample("a cat", for: $0) }
        let features = try await FeaturesUnderTest(model: model)
        features.files.put(Data(count: 10), at: "image-1")
        try await features.say(.sample("hello"))
        try await features.say(.sample(content: .media(.sample(caption: "what is it?"))))
        try await features.say(.sample("and now?"))
        try await features.say(.sample("and then?"))
        #expect(try await tokens(features).allSatisfy { (1...20).contains($0) })
    }

    @Test func `a question that is larger than the window is asked alone`() async throws {
        let model = ScriptedModel { .sample("yes", for: $0) }
        let features = try await FeaturesUnderTest(["MAX_MODEL_TOKENS": "256"], model: model)
        try await features.say(.sample("hello"))
        try await features.say(.sample(Self.said("q", 1, 400)))
        #expect(model.requests.last?.messages.count == 1)
    }

    @Test func `asks again with less when the model finds it too long, and says so in the end`() async throws {
        let model = ScriptedModel("one", "two", "three")
        let features = try await FeaturesUnderTest(model: model)
        for word in ["a", "b", "c"] { try await features.say(.sample(word)) }
        let tooLong = ModelFault(code: "context_too_long", remedy: "Lower MAX_MODEL_TOKENS.")
        model.thenFail(tooLong)
        model.then("four")
        #expect(try await features.say(.sample("d")) == "four")
        let sizes = model.requests.suffix(2).map(\.messages.count)
        #expect(sizes[0] == 7 && sizes[1] < 7 && sizes[1] % 2 == 1)
        for _ in 1...4 { model.thenFail(tooLong) }
        #expect(try await features.refusal(.sample("e"))?.hasPrefix("That is more than the model can read") == true)
        #expect(model.requests.last?.messages.count == 1)
    }

    @Test func `of a long answer what its member saw is remembered, to go on from there`() async throws {
        let model = ScriptedModel("one two three four", "three four")
        let features = try await FeaturesUnderTest(model: model, showing: 7)
        #expect(try await features.say(.sample("count")) == "one two three four")
        try await features.say(.sample("go on"))
        let heard = try #require(model.requests.last?.messages)
        #expect(heard.count == 3 && heard[1] == ModelRequest.Message(.assistant, "one two"))
    }

    @Test func `what failed is not remembered`() async throws {
        let model = ScriptedModel()
        let features = try await FeaturesUnderTest(model: model)
        model.thenFail(Outage("model", "down"))
        await #expect(throws: Outage.self) { try await features.say(.sample("hello")) }
        model.thenFail(ModelFault(code: "unauthorized", remedy: "Set OPENAI_API_KEY."))
        await #expect(throws: ModelFault.self) { try await features.say(.sample("hello")) }
        #expect(try await features.count("conversation_entry") == 0)
        #expect(try await features.count("usage_record") == 0)
        #expect(model.unexpectedCalls == 0)
    }

    @Test func `an empty answer is said to be one, paid for, and not remembered`() async throws {
        let model = ScriptedModel(" \n\u{200F}")
        let features = try await FeaturesUnderTest(model: model)
        #expect(try await features.say(.sample("hello"))?.hasPrefix("I have no answer to that.") == true)
        model.then { .sample("", for: $0, finish: .contentFilter) }
        #expect(try await features.say(.sample("hello", language: .hebrew))?.hasPrefix("המודל סירב לענות") == true)
        #expect(try await features.count("conversation_entry") == 0)
        #expect(try await features.count("usage_record") == 2)
    }

    @Test func `an answer that a filter cut is given as far as it goes`() async throws {
        let model = ScriptedModel()
        let features = try await FeaturesUnderTest(model: model)
        model.then { .sample(" so far ", for: $0, finish: .contentFilter) }
        #expect(try await features.say(.sample("hello")) == "so far")
    }

    @Test(arguments: [(Language.english, "too long", "continue"), (.hebrew, "ארוכה", "להמשיך")])
    func `an answer that the length limit cut says so, in the member's language, and only to the member`(
        _ language: Language, _ words: String, _ way: String
    ) async throws {
        let model = ScriptedModel()
        let features = try await FeaturesUnderTest(model: model)
        model.then { .sample(" so far ", for: $0, finish: .lengthLimit) }
        let said = try #require(try await features.say(.sample("hello", language: language)))
        #expect(said.hasPrefix("so far\n\n(") && said.hasSuffix(")"))
        #expect(said.contains(words) && said.contains(way))
        // The model goes on from its own words.
        let entries = try await features.database.rows("SELECT text FROM conversation_entry ORDER BY id")
        #expect(try entries.last?.text("text") == "so far")
    }

    @Test func `stores what each answer used`() async throws {
        let features = try await FeaturesUnderTest(model: ScriptedModel { .sample("a b c", for: $0, reasoning: 7) })
        try await features.say(.sample("hello there", group: "g"))
        let row = try #require(try await features.database.rows("SELECT * FROM usage_record").first)
        #expect(try row.text("member") == "test/dana")
        #expect(try row.text("chat") == "test:bot/g")
        #expect(try row.text("operation") == "chat")
        #expect(try row.text("model") == "test-model")
        #expect(try row.int("input_tokens") == 6)
        #expect(try row.int("output_tokens") == 10)
        #expect(try row.int("reasoning_tokens") == 7)
        #expect(try row.int("cost_nano_usd") == 1_000)
        #expect(try row.date("created_at") == .monday)
    }
}
