import BotKit
import Foundation

/// The JSON of a chat completion request.
struct OpenAIChatBody: Encodable {
    var model: String
    var messages: [Message]
    var stream = true
    var streamOptions = StreamOptions()
    var maxTokens: Int?
    var maxCompletionTokens: Int?
    var temperature: Double?
    var safetyIdentifier: String?

    enum CodingKeys: String, CodingKey {
        case model, messages, stream, temperature
        case streamOptions = "stream_options"
        case maxTokens = "max_tokens"
        case maxCompletionTokens = "max_completion_tokens"
        case safetyIdentifier = "safety_identifier"
    }

    struct StreamOptions: Encodable {
        var includeUsage = true
        enum CodingKeys: String, CodingKey { case includeUsage = "include_usage" }
    }

    struct Message: Encodable {
        var role: String
        var content: Content

        init(_ message: ModelRequest.Message) {
            role = message.role.rawValue
            content = Content(message.parts)
        }
    }

    /// One string when there is nothing but text, for some servers know nothing else; otherwise parts.
    enum Content: Encodable {
        case text(String)
        case parts([Part])

        init(_ parts: [ModelRequest.Part]) {
            let texts = parts.compactMap { if case .text(let text) = $0 { text } else { nil } }
            self = texts.count == parts.count ? .text(texts.joined(separator: "\n")) : .parts(parts.map(Part.init))
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.singleValueContainer()
            switch self {
            case .text(let text): try container.encode(text)
            case .parts(let parts): try container.encode(parts)
            }
        }
    }

    struct Part: Encodable {
        struct ImageURL: Encodable { var url: String }
        var type: String
        var text: String?
        var imageURL: ImageURL?

        enum CodingKeys: String, CodingKey {
            case type, text
            case imageURL = "image_url"
        }

        init(_ part: ModelRequest.Part) {
            switch part {
            case .text(let text):
                type = "text"
                self.text = text
            case .image(let data, let mimeType):
                type = "image_url"
                imageURL = ImageURL(url: "data:\(mimeType);base64,\(data.base64EncodedString())")
            }
        }
    }
}
