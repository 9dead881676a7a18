import BotKit
import Foundation

/// Gathers the answer of a messages request.
struct AnthropicReader: AnswerReader {
    let endpoint: ModelEndpoint
    private var text = ""
    private var stopReason: String?
    private var isStopped = false
    private var model: String?
    private var tokens: AnthropicEvent.Tokens?

    init(endpoint: ModelEndpoint) { self.endpoint = endpoint }

    mutating func read(_ event: ServerSentEvents.Event) throws -> Bool {
        let piece = try decode(event.data)
        switch piece.type {
        case "message_start":
            model = piece.message?.model
            tokens = piece.message?.usage?.value
        case "content_block_start": try add(piece.block?.text)
        case "content_block_delta": try add(piece.delta?.text)
        case "message_delta":
            stopReason = piece.delta?.stopReason ?? stopReason
            if let usage = piece.usage?.value { tokens = tokens?.updated(by: usage) ?? usage }
        case "message_stop":
            isStopped = true
            return true
        case "error":
            throw FailureReading(names: endpoint.names).failure(status: nil, error: ErrorAnswer(event.data))
        default: break
        }
        return false
    }

    mutating func read(body: [UInt8]) throws {
        let message = try decode(body)
        if message.type == "error" {
            throw FailureReading(names: endpoint.names).failure(status: nil, error: ErrorAnswer(body))
        }
        for block in message.content ?? [] { try add(block.text) }
        stopReason = message.stopReason
        model = message.model
        tokens = message.usage?.value
        isStopped = true
    }

    private func decode(_ json: [UInt8]) throws -> AnthropicEvent {
        guard let event = try? JSONDecoder().decode(AnthropicEvent.self, from: Data(json)) else {
            throw CallFailure.outage("bad_chunk", "the server sent a piece that cannot be read")
        }
        return event
    }

    private mutating func add(_ piece: String?) throws {
        text += piece ?? ""
        guard text.utf8.count <= endpoint.limits.answerBytes else { throw ModelCall.tooLarge }
    }

    func answer() throws -> GatheredAnswer {
        guard isStopped, let stopReason else {
            throw CallFailure.outage("truncated", "the answer ended before it was whole")
        }
        let finish: ModelReply.Finish =
            switch stopReason {
            case "max_tokens", "model_context_window_exceeded": .lengthLimit
            case "refusal": .contentFilter
            default: .complete
            }
        return try GatheredAnswer(
            text: text, finish: finish, model: model.map { String($0.prefix(200)) }, tokens: tokens?.use
        ).nonEmpty
    }
}

/// One event of a stream, or the whole message; only what is used.
struct AnthropicEvent: Decodable {
    struct Block: Decodable { var text: String? }
    struct Message: Decodable {
        var model: String?
        var usage: Lenient<Tokens>?
    }
    struct Delta: Decodable {
        var text: String?
        var stopReason: String?
        enum CodingKeys: String, CodingKey {
            case text
            case stopReason = "stop_reason"
        }
    }
    /// `input_tokens` counts only what was neither read from nor written to the cache.
    struct Tokens: Decodable {
        var input: Int?
        var cacheRead: Int?
        var cacheWritten: Int?
        var output: Int?

        enum CodingKeys: String, CodingKey {
            case input = "input_tokens"
            case cacheRead = "cache_read_input_tokens"
            case cacheWritten = "cache_creation_input_tokens"
            case output = "output_tokens"
        }

        /// The counts of a stream are cumulative: a later one replaces an earlier one.
        func updated(by later: Tokens) -> Tokens {
            Tokens(
                input: later.input ?? input, cacheRead: later.cacheRead ?? cacheRead,
                cacheWritten: later.cacheWritten ?? cacheWritten, output: later.output ?? output)
        }

        var use: TokenUse? {
            guard let input, let output else { return nil }
            let parts = [input, cacheRead ?? 0, cacheWritten ?? 0].map { min(max($0, 0), 1_000_000_000) }
            return TokenUse(input: parts.reduce(0, +), cached: parts[1], output: output)
        }
    }

    var type: String
    var message: Message?
    var block: Block?
    var delta: Delta?
    var usage: Lenient<Tokens>?
    var content: [Block]?
    var model: String?
    var stopReason: String?

    enum CodingKeys: String, CodingKey {
        case type, message, delta, usage, content, model
        case block = "content_block"
        case stopReason = "stop_reason"
    }
}
