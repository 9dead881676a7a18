import BotKit
import Foundation

/// A model behind the HTTP interface of a service called Scribe.
struct ScribeModel: LanguageModel {
    /// Posts a body and gives back status and answer; it knows the address, the key, the deadline and the size limit.
    let post: @Sendable (Data) async throws -> (status: Int, body: Data)
    let model: String

    func reply(to request: ModelRequest) async throws -> ModelReply {
        let question = Question(model: model, lines: request.messages.map(Line.init))
        let (status, body) = try await post(JSONEncoder().encode(question))
        switch status {
        case 200: break
        case 401: throw ModelFault(code: "unauthorized", remedy: "Check SCRIBE_API_KEY.")
        case 429, 500...599: throw Outage("model", "Scribe answered \(status)")
        default: throw ModelFault(code: "bad_request", remedy: "Scribe answered \(status); check SCRIBE_MODEL.")
        }
        guard let story = try? JSONDecoder().decode(Story.self, from: body) else {
            throw Outage("model", "Scribe's answer is not the JSON that it documents")
        }
        return ModelReply(
            text: story.text, finish: story.cut ? .lengthLimit : .complete,
            usage: Usage(
                operation: "chat", model: model, host: "scribe.example", inputTokens: story.read,
                outputTokens: story.written))
    }

    private struct Question: Encodable {
        let model: String
        let lines: [Line]
    }

    private struct Line: Encodable {
        let role: String
        let text: String

        init(_ message: ModelRequest.Message) {
            role = message.role.rawValue
            text = message.parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined(
                separator: "\n")
        }
    }

    private struct Story: Decodable {
        let text: String
        let cut: Bool
        let read: Int
        let written: Int
    }
}
