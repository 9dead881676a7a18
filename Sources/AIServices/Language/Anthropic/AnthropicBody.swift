import BotKit
import Foundation

/// The JSON of a messages request: system text apart, roles alternating, the member first.
struct AnthropicBody: Encodable {
    var model: String
    var maxTokens: Int
    var system: String?
    var messages: [Message]
    var stream = true
    var temperature: Double?

    enum CodingKeys: String, CodingKey {
        case model, system, messages, stream, temperature
        case maxTokens = "max_tokens"
    }

    init(_ request: ModelRequest, model: String, maxTokens: Int, temperature: Double?) {
        self.model = model
        self.maxTokens = maxTokens
        // This API's range ends at 1 where OpenAI's ends at 2.
        self.temperature = temperature.map { min($0, 1) }
        var system: [String] = []
        var messages: [Message] = []
        for message in request.messages {
            let blocks = message.parts.compactMap(Block.init)
            switch message.role {
            case .system: system += blocks.compactMap(\.text)
            case .user, .assistant:
                guard !blocks.isEmpty else { continue }
                if messages.last?.role == message.role.rawValue {
                    messages[messages.count - 1].content += blocks
                } else {
                    messages.append(Message(role: message.role.rawValue, content: blocks))
                }
            }
        }
        // A window that was cut may begin with an answer; the API wants a question first.
        if messages.count > 1, messages.first?.role == "assistant" { messages.removeFirst() }
        self.messages = messages
        self.system = system.isEmpty ? nil : system.joined(separator: "\n\n")
    }

    struct Message: Encodable {
        var role: String
        var content: [Block]
    }

    struct Block: Encodable {
        struct Source: Encodable {
            var type = "base64"
            var mediaType: String
            var data: String
            enum CodingKeys: String, CodingKey {
                case type, data
                case mediaType = "media_type"
            }
        }
        var type: String
        var text: String?
        var source: Source?

        /// `nil` for a blank text, which the API refuses.
        init?(_ part: ModelRequest.Part) {
            switch part {
            case .text(let text):
                guard !text.isBlank else { return nil }
                type = "text"
                self.text = text
            case .image(let data, let mimeType):
                type = "image"
                source = Source(mediaType: mimeType, data: data.base64EncodedString())
            }
        }
    }
}
