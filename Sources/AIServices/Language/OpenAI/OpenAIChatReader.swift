import BotKit
import Foundation

/// Gathers the answer of a chat completion.
struct OpenAIChatReader: AnswerReader {
    let endpoint: ModelEndpoint
    private var text = ""
    private var refusal = ""
    private var finishReason: String?
    private var model: String?
    private var tokens: TokenUse?

    init(endpoint: ModelEndpoint) { self.endpoint = endpoint }

    mutating func read(_ event: ServerSentEvents.Event) throws -> Bool {
        if event.data.elementsEqual("[DONE]".utf8) { return true }
        try take(event.data)
        return false
    }

    mutating func read(body: [UInt8]) throws { try take(body) }

    private mutating func take(_ json: [UInt8]) throws {
        guard let chunk = try? JSONDecoder().decode(OpenAIChatChunk.self, from: Data(json)) else {
            throw CallFailure.outage("bad_chunk", "the server sent a piece that cannot be read")
        }
        if chunk.error != nil {
            throw FailureReading(names: endpoint.names).failure(status: nil, error: ErrorAnswer(json))
        }
        model = chunk.model.flatMap { $0.isEmpty ? nil : String($0.prefix(200)) } ?? model
        tokens = chunk.tokens ?? tokens
        for choice in chunk.choices ?? [] where (choice.index ?? 0) == 0 {
            let message = choice.delta ?? choice.message
            text += message?.content?.text ?? ""
            refusal += message?.refusal ?? ""
            finishReason = choice.finishReason ?? finishReason
        }
        guard text.utf8.count + refusal.utf8.count <= endpoint.limits.answerBytes else { throw ModelCall.tooLarge }
    }

    func answer() throws -> GatheredAnswer {
        guard let finishReason else {
            throw CallFailure.outage("truncated", "the answer ended before it was whole")
        }
        guard finishReason != "error" else {
            throw CallFailure.outage("stream_error", "the server gave up in the middle of an answer")
        }
        let words = text.withoutThoughts
        if words.isBlank, !refusal.isBlank {
            return GatheredAnswer(text: refusal, finish: .contentFilter, model: model, tokens: tokens)
        }
        let finish: ModelReply.Finish =
            switch finishReason {
            case "length": .lengthLimit
            case "content_filter": .contentFilter
            default: .complete
            }
        return try GatheredAnswer(text: words, finish: finish, model: model, tokens: tokens).nonEmpty
    }
}

extension GatheredAnswer {
    /// The answer, unless it says nothing for no good reason.
    var nonEmpty: GatheredAnswer {
        get throws {
            guard text.isBlank else { return self }
            switch finish {
            case .complete: throw CallFailure.outage("empty", "the server sent an answer without words")
            case .contentFilter: throw CallFailure.declined
            // Reasoning may use up all that was allowed; the caller decides whether to allow more.
            case .lengthLimit: return self
            }
        }
    }
}

extension String {
    var isBlank: Bool { allSatisfy(\.isWhitespace) }

    /// Without the `<think>` block that some local servers leave at the head of a reasoning model's answer.
    var withoutThoughts: String {
        guard drop(while: \.isWhitespace).hasPrefix("<think>"), let end = range(of: "</think>") else { return self }
        return String(self[end.upperBound...].drop(while: \.isWhitespace))
    }
}
