public import Foundation

/// A person, as the bot knows them while it answers.
public struct Member: Sendable, Hashable {
    public var id: MemberID
    public var name: String?
    public var phone: PhoneNumber?
    public var role: Role
    public var admission: Admission

    public init(
        id: MemberID, name: String? = nil, phone: PhoneNumber? = nil, role: Role = .user, admission: Admission = .none
    ) {
        self.id = id
        self.name = name
        self.phone = phone
        self.role = role
        self.admission = admission
    }
}

/// What was decided about a person or a group, as far as anybody decided it.
public enum Admission: String, Sendable, Hashable, Codable {
    case none
    case allowed
    /// Not answered, whatever the policy says.
    case denied
    /// Shut out: not answered, whatever the policy says.
    case blocked
}

/// What a person may do; a greater role includes the lesser ones.
public enum Role: Int, Sendable, Hashable, Codable, Comparable {
    case user, `operator`, admin, owner
    public static func < (a: Role, b: Role) -> Bool { a.rawValue < b.rawValue }

    /// Its word in commands and lists.
    public var word: String {
        switch self {
        case .user: "user"
        case .operator: "operator"
        case .admin: "admin"
        case .owner: "owner"
        }
    }
}

/// When the bot speaks in a group.
public enum Activation: String, Sendable, Codable, CaseIterable {
    /// Only to a mention, a reply to the bot, or a prefix.
    case mention
    /// Only to a prefix or a reply to the bot.
    case prefix
    /// To every message.
    case always
}

/// The conversation that a turn happens in.
public struct Chat: Sendable, Hashable {
    public var id: ChatID
    public var isGroup: Bool
    public var activation: Activation
    /// What was decided about the chat itself, which is a group.
    public var admission: Admission

    public init(
        id: ChatID, isGroup: Bool = false, activation: Activation = .mention, admission: Admission = .none
    ) {
        self.id = id
        self.isGroup = isGroup
        self.activation = activation
        self.admission = admission
    }
}

/// How a message turned to the bot.
public enum Addressing: String, Sendable {
    /// A direct chat.
    case direct
    case mention
    /// It quotes a message of the bot.
    case reply
    case prefix
    /// The group's setting says that every message is for the bot.
    case always
    /// It was said in a group, to others, or without the prefix that the operator asks for.
    case none
}

/// A message that another one quotes, found in what we stored.
public struct QuotedMessage: Sendable, Hashable {
    public var id: MessageID
    public var text: String?
    public var media: Media?
    public var isFromBot: Bool

    public init(id: MessageID, text: String? = nil, media: Media? = nil, isFromBot: Bool) {
        self.id = id
        self.text = text
        self.media = media
        self.isFromBot = isFromBot
    }
}

/// One message, or one burst of texts, with everything needed to answer it. Complete once it is opened.
public struct Turn: Sendable {
    /// The row of its first message in the inbox; unique.
    public var id: Int64
    /// What was received, oldest first; never empty.
    public var messages: [InboundMessage]
    public var member: Member
    public var chat: Chat
    public var language: Language
    /// The language that was stored for the chat, if one was.
    public var rememberedLanguage: Language?
    public var addressing: Addressing
    /// What was said: the texts of a burst joined by line ends, without the mention or the joker that addressed us.
    public var text: String
    public var quoted: QuotedMessage?
    /// The conversation that a feature opened with the member and has not finished.
    public var dialogue: Dialogue?
    /// The option that was chosen from a menu of ours, by its id.
    public var choice: String?
    /// The token of an admin session that came with a command, `--session TOKEN`; then it stands in `text` no more.
    public var session: String?
    /// When the last of its messages was received; the "now" of the whole turn.
    public var receivedAt: Date
    /// Whether this message stopped an answer that was being made.
    public var stoppedAnswer: Bool
    /// What is set for it while the bot runs.
    public var settings: RuntimeValues

    public init(
        id: Int64, messages: [InboundMessage], member: Member, chat: Chat, language: Language,
        rememberedLanguage: Language? = nil, addressing: Addressing, text: String, quoted: QuotedMessage? = nil,
        dialogue: Dialogue? = nil,
        choice: String? = nil, session: String? = nil, receivedAt: Date, stoppedAnswer: Bool = false,
        settings: RuntimeValues = RuntimeValues()
    ) {
        self.id = id
        self.messages = messages
        self.member = member
        self.chat = chat
        self.language = language
        self.rememberedLanguage = rememberedLanguage
        self.addressing = addressing
        self.text = text
        self.quoted = quoted
        self.dialogue = dialogue
        self.choice = choice
        self.session = session
        self.receivedAt = receivedAt
        self.stoppedAnswer = stoppedAnswer
        self.settings = settings
    }

    /// The message that replies quote: the last one.
    public var message: InboundMessage { messages[messages.count - 1] }
    /// The files that came with the turn.
    public var media: [Media] { messages.compactMap(\.media) }
    /// Whether the member turned to the bot.
    public var isAddressed: Bool { addressing != .none }
}

/// The state of a conversation that spans turns, stored until it ends or expires.
public struct Dialogue: Sendable, Hashable {
    /// The `name` of the feature that owns it.
    public var feature: String
    /// The feature's own state, JSON.
    public var state: String
    public var expiresAt: Date

    public init(feature: String, state: String, expiresAt: Date) {
        self.feature = feature
        self.state = state
        self.expiresAt = expiresAt
    }
}
