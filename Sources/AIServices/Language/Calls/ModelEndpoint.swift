import BotKit
import Foundation

/// A model behind an address: all that a call needs besides the request and the key.
struct ModelEndpoint: Sendable {
    /// Which member of the family of fields caps the answer's length.
    enum TokenLimitField: String, Sendable {
        case maxTokens = "max_tokens", maxCompletionTokens = "max_completion_tokens"
    }

    /// Without a slash at the end.
    var baseURL: String
    /// Lower case.
    var host: String
    var model: String
    /// Names that stand for models, lower case.
    var aliases: [String: String] = [:]
    var keys: [String] = []
    var names = SettingNames(key: "OPENAI_API_KEY", address: "OPENAI_BASE_URL", model: "OPENAI_GPT_MODEL")
    /// Sent with every request, such as `OpenAI-Organization`.
    var headers: [(name: String, value: String)] = []
    var temperature: Double?
    /// The most tokens of an answer when the request does not say; `nil` leaves it to the server.
    var maxOutputTokens: Int?
    var tokenLimitField = TokenLimitField.maxTokens
    var sendsSafetyIdentifier = false
    var limits = CallLimits()

    init(_ url: URL, model: String) {
        var text = url.absoluteString
        while text.hasSuffix("/") { text.removeLast() }
        baseURL = text
        host = (url.host() ?? "").lowercased()
        self.model = model
    }
}

/// What a call may cost in time and space.
struct CallLimits: Sendable {
    /// One attempt, from the first byte sent to the last received.
    var total = Duration.seconds(120)
    /// The longest silence, the wait for the first word included.
    var silence = Duration.seconds(60)
    var answerBytes = 1 << 20
    var events = ServerSentEvents.Limits()
    /// A body that does not come as a stream.
    var bodyBytes = 4 << 20
    var errorBodyBytes = 64 << 10
}
