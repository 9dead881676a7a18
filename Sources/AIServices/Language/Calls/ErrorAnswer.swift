import Foundation

/// The error object that a model server sends, in any of the shapes that are about.
///
/// Sources: OpenAI, API reference "Error codes"; Anthropic, API reference "Errors"; vLLM and Ollama put the same fields
/// at the top. Its message may quote what a member wrote, so it is only searched, never shown or logged.
struct ErrorAnswer: Sendable, Equatable {
    /// The `code` and `type` words, lower case.
    var words: Set<String> = []
    /// The message, lower case, cut at 4,096 characters.
    var message = ""
    /// A `code` that is a number, as OpenRouter and vLLM send the status again.
    var number: Int?

    /// Reads a body or a stream event; `nil` when it is no JSON object that speaks of an error.
    init?(_ bytes: some Sequence<UInt8>) {
        guard let object = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else { return nil }
        self.init(object)
    }

    private init?(_ object: [String: Any]) {
        switch object["error"] {
        case let inner as [String: Any]: read(inner)
        case let text as String: message = String(text.prefix(4_096)).lowercased()
        default:
            guard object["object"] as? String == "error" || object["type"] as? String == "error" else { return nil }
            read(object)
        }
    }

    private mutating func read(_ fields: [String: Any]) {
        for name in ["code", "type"] {
            if let word = fields[name] as? String { words.insert(String(word.prefix(64)).lowercased()) }
        }
        number = fields["code"] as? Int
        message = String((fields["message"] as? String ?? "").prefix(4_096)).lowercased()
    }

    func says(_ phrases: String...) -> Bool { phrases.contains { message.contains($0) } }
    func has(_ codes: String...) -> Bool { codes.contains { words.contains($0) } }
}
