public import BotKit
import Synchronization

/// A language model that says what a test wants, remembers what it was asked, and can be made to think for long.
public final class ScriptedModel: LanguageModel {
    /// How the model answers a request.
    public typealias Behaviour = @Sendable (ModelRequest) throws -> ModelReply

    private struct State {
        var queue: [Behaviour]
        var always: Behaviour?
        var requests: [ModelRequest] = []
        var unexpected = 0
    }
    private let state: Mutex<State>
    /// Shut it to keep the model thinking.
    public let door = Door()

    /// Answers with `texts`, one after the other; a further call is unexpected.
    public init(_ texts: String...) {
        state = Mutex(State(queue: texts.map { text in { .sample(text, for: $0) } }))
    }

    /// Answers every request in the same way.
    public init(answering behaviour: @escaping Behaviour) {
        state = Mutex(State(queue: [], always: behaviour))
    }

    /// What it was asked, oldest first.
    public var requests: [ModelRequest] { state.withLock { $0.requests } }
    /// How many calls no answer was prepared for; a test expects 0.
    public var unexpectedCalls: Int { state.withLock { $0.unexpected } }

    /// Prepares the answer to the next call for which there is none.
    public func then(_ behaviour: @escaping Behaviour) { state.withLock { $0.queue.append(behaviour) } }
    /// Prepares a text as the answer to the next call for which there is none.
    public func then(_ text: String) { then { .sample(text, for: $0) } }
    /// Prepares a failure of the next call for which there is nothing.
    public func thenFail(_ error: any Error) { then { _ in throw error } }

    public func reply(to request: ModelRequest) async throws -> ModelReply {
        let behaviour = next(for: request)
        try await door.pass()
        return try behaviour(request)
    }

    private func next(for request: ModelRequest) -> Behaviour {
        state.withLock { state in
            state.requests.append(request)
            if !state.queue.isEmpty { return state.queue.removeFirst() }
            if let always = state.always { return always }
            state.unexpected += 1
            return { _ in throw Defect("the model was called unexpectedly") }
        }
    }
}

extension ModelRequest {
    /// All words of the request, a message a line: `user: hello`.
    public var transcript: [String] {
        messages.map { message in
            let words = message.parts.map { part in
                switch part {
                case .text(let text): text
                case .image(let data, let mimeType): "[\(mimeType), \(data.count) bytes]"
                }
            }
            return "\(message.role.rawValue): \(words.joined(separator: " "))"
        }
    }
}

extension ModelReply {
    /// A reply that says `text`, its usage counted in words of the request and of the text.
    public static func sample(
        _ text: String, for request: ModelRequest? = nil, finish: Finish = .complete, reasoning: Int = 0
    ) -> ModelReply {
        let words = WordCounter()
        let asked = request?.messages.reduce(0) { $0 + words.count(of: $1) } ?? 0
        return ModelReply(
            text: text, finish: finish,
            usage: Usage(
                operation: "chat", model: "test-model", host: "model.test", inputTokens: asked,
                outputTokens: words.count(text) + reasoning, reasoningTokens: reasoning, costNanoUSD: 1_000))
    }
}
