public import Foundation

/// A service that writes the next message of a conversation.
public protocol LanguageModel: Sendable {
    /// - Throws: `Outage` when time may help, `Refusal` when the request itself was declined, `ModelFault` for what the
    ///   operator must mend; `CancellationError` at once when the task is cancelled.
    func reply(to request: ModelRequest) async throws -> ModelReply
}

/// A service whose keys can be replaced while the bot runs.
public protocol ReplaceableKeys: Sendable {
    /// Takes these keys in the place of those of the settings, until the next start.
    func replaceKeys(_ keys: [String])
}

/// A conversation, put to a model.
public struct ModelRequest: Sendable, Hashable {
    /// A piece of a message.
    public enum Part: Sendable, Hashable {
        case text(String)
        case image(Data, mimeType: String)
    }
    /// One message of the conversation.
    public struct Message: Sendable, Hashable {
        /// Who speaks: the operator, the people in the chat, or the model.
        public enum Role: String, Sendable, Codable { case system, user, assistant }
        public var role: Role
        public var parts: [Part]

        public init(_ role: Role, _ parts: [Part]) {
            self.role = role
            self.parts = parts
        }
        public init(_ role: Role, _ text: String) { self.init(role, [.text(text)]) }
    }

    /// Oldest first.
    public var messages: [Message]
    /// The most tokens of the answer; `nil` leaves it to the server.
    public var maxOutputTokens: Int?
    /// A keyed hash of the member, for services that want to tell abusers apart.
    public var safetyIdentifier: String?
    /// The model that was chosen for the chat, by name or alias; `nil` is the one of the settings.
    public var model: String?

    public init(
        messages: [Message], maxOutputTokens: Int? = nil, safetyIdentifier: String? = nil, model: String? = nil
    ) {
        self.messages = messages
        self.maxOutputTokens = maxOutputTokens
        self.safetyIdentifier = safetyIdentifier
        self.model = model
    }
}

/// What a model wrote.
public struct ModelReply: Sendable, Hashable {
    /// Why the model stopped.
    public enum Finish: String, Sendable { case complete, lengthLimit, contentFilter }
    public var text: String
    public var finish: Finish
    public var usage: Usage

    public init(text: String, finish: Finish = .complete, usage: Usage) {
        self.text = text
        self.finish = finish
        self.usage = usage
    }
}

/// A model service that only the operator can put right: a wrong key, an unknown model, no money left.
public struct ModelFault: ClassifiedError, Equatable {
    /// A closed word: `unauthorized`, `model_not_found`, `insufficient_quota`, `bad_request`.
    public let code: String
    /// What to do, naming the setting.
    public let remedy: String
    public var failureClass: FailureClass { .defect }
    public var errorCode: ErrorCode { .modelFault }
    /// The code of a model that the server does not have.
    public static let noSuchModel = "model_not_found"
    public var description: String { "model: \(code). \(remedy)" }

    public init(code: String, remedy: String) {
        self.code = code
        self.remedy = remedy
    }
}

/// Counts tokens without asking a server.
public protocol TokenCounter: Sendable {
    /// At least as many tokens as any current model counts for `text`, and not many more.
    func count(_ text: String) -> Int
}
