import Foundation

/// One object of a chat completion: a piece of a stream, or the whole. What a server leaves out or misspells is `nil`.
struct OpenAIChatChunk: Decodable {
    var model: String?
    var choices: [Choice]?
    var usage: Lenient<Tokens>?
    /// Groq's place for the usage of a stream.
    var groq: Lenient<GroqExtension>?
    var error: Present?

    enum CodingKeys: String, CodingKey {
        case model, choices, usage, error
        case groq = "x_groq"
    }

    /// The tokens, wherever they stand.
    var tokens: TokenUse? { (usage?.value ?? groq?.value?.usage)?.use }

    struct Choice: Decodable {
        var index: Int?
        var delta: Message?
        var message: Message?
        var finishReason: String?

        enum CodingKeys: String, CodingKey {
            case index, delta, message
            case finishReason = "finish_reason"
        }
    }

    struct Message: Decodable {
        var content: Content?
        var refusal: String?
    }

    /// A string, or parts of which the texts count.
    struct Content: Decodable {
        struct Part: Decodable { var text: String? }
        var text: String

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let string = try? container.decode(String.self) {
                text = string
            } else {
                text = try container.decode([Part].self).compactMap(\.text).joined()
            }
        }
    }

    struct GroqExtension: Decodable { var usage: Tokens? }

    struct Tokens: Decodable {
        struct InputDetails: Decodable {
            var cached: Int?
            enum CodingKeys: String, CodingKey { case cached = "cached_tokens" }
        }
        struct OutputDetails: Decodable {
            var reasoning: Int?
            enum CodingKeys: String, CodingKey { case reasoning = "reasoning_tokens" }
        }
        var input: Int
        var output: Int?
        var inputDetails: Lenient<InputDetails>?
        var outputDetails: Lenient<OutputDetails>?

        enum CodingKeys: String, CodingKey {
            case input = "prompt_tokens"
            case output = "completion_tokens"
            case inputDetails = "prompt_tokens_details"
            case outputDetails = "completion_tokens_details"
        }

        var use: TokenUse {
            TokenUse(
                input: input, cached: inputDetails?.value?.cached ?? 0, output: output ?? 0,
                reasoning: outputDetails?.value?.reasoning ?? 0)
        }
    }
}

/// A value that is `nil` when it has another shape than it should, instead of spoiling what stands around it.
struct Lenient<Value: Decodable>: Decodable {
    var value: Value?
    init(from decoder: any Decoder) throws { value = try? Value(from: decoder) }
}

/// Something that is there, whatever it is.
struct Present: Decodable {
    init(from decoder: any Decoder) throws {}
}
