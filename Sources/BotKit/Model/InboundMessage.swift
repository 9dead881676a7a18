public import Foundation

/// What a network delivered, translated to the bot's words and not yet understood.
public struct InboundMessage: Sendable, Hashable, Codable {
    /// The network's name for the message.
    public var id: MessageID
    public var chat: ChatID
    public var isGroup: Bool
    public var sender: Sender
    /// When the sender's network says it was written.
    public var sentAt: Date
    /// When we received it.
    public var receivedAt: Date
    public var content: Content
    /// The message that this one quotes.
    public var quotes: MessageID?
    /// Whether the message mentions the bot's own account.
    public var mentionsBot: Bool
    /// Whether the owner of the account that is the bot wrote it to themselves, as the network vouches; `nil` is no.
    public var isNoteToSelf: Bool?

    /// Who wrote a message, as far as the network tells.
    public struct Sender: Sendable, Hashable, Codable {
        public var id: MemberID
        public var name: String?
        public var phone: PhoneNumber?
        /// What the network itself calls the person, if it has such names.
        public var networkID: NetworkID?

        public init(
            id: MemberID, name: String? = nil, phone: PhoneNumber? = nil, networkID: NetworkID? = nil
        ) {
            self.id = id
            self.name = name
            self.phone = phone
            self.networkID = networkID
        }
    }

    /// The kinds of things that can come in.
    public enum Content: Sendable, Hashable, Codable {
        case text(String)
        case media(Media)
        /// A tapped button or chosen list row: the id we gave it and what the member saw.
        case choice(id: String, title: String)
        /// `emoji` is `nil` when the reaction was taken back.
        case reaction(to: MessageID, emoji: String?)
        case edit(of: MessageID, text: String)
        case revoke(of: MessageID)
        case location(latitude: Double, longitude: Double, name: String?)
        /// Shared contact cards, as one line of text each.
        case contacts([String])
        /// Something the network knows and we do not answer, by its own name for it.
        case unsupported(kind: String)

        /// A file that is too large for its network to hand it over.
        public static let fileTooLarge = Content.unsupported(kind: "file_too_large")
    }

    public init(
        id: MessageID, chat: ChatID, isGroup: Bool = false, sender: Sender, sentAt: Date, receivedAt: Date,
        content: Content, quotes: MessageID? = nil, mentionsBot: Bool = false, isNoteToSelf: Bool? = nil
    ) {
        self.id = id
        self.chat = chat
        self.isGroup = isGroup
        self.sender = sender
        self.sentAt = sentAt
        self.receivedAt = receivedAt
        self.content = content
        self.quotes = quotes
        self.mentionsBot = mentionsBot
        self.isNoteToSelf = isNoteToSelf
    }

    /// The words in the message: its text, its caption, the title of what was chosen, or what a card or place says.
    public var text: String? {
        switch content {
        case .text(let text): text
        case .media(let media): media.caption
        case .choice(_, let title): title
        case .location(let latitude, let longitude, let name):
            (name.map { "\($0) " } ?? "") + "(\(latitude), \(longitude))"
        case .contacts(let cards): cards.joined(separator: "\n")
        default: nil
        }
    }

    /// The file in the message.
    public var media: Media? {
        if case .media(let media) = content { media } else { nil }
    }
}
