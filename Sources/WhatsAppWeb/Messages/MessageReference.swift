public import WhatsAppWire
import WhatsAppProto

/// The name of one message of one chat.
public struct MessageReference: Sendable, Hashable, Codable {
    /// Unique only together with chat and sender.
    public var id: String
    /// The group, or the other side of a direct chat.
    public var chat: JID
    /// Who wrote it.
    public var sender: JID
    /// Whether the own account wrote it.
    public var isFromMe: Bool

    public init(id: String, chat: JID, sender: JID, isFromMe: Bool) {
        self.id = id
        self.chat = chat.withoutDevice
        self.sender = sender.withoutDevice
        self.isFromMe = isFromMe
    }

    /// The longest id that is taken from a message, in bytes.
    static let longestID = 128

    /// The message that `key` names, when it came inside the message of `header`; nil if it names none.
    ///
    /// A key is written from the point of view of whoever sent it: "from me" is from them. The chat is always the one
    /// that the message came in, whatever the key says, so that nobody reaches into another chat.
    init?(_ key: WAMessageKey, in header: MessageHeader) {
        guard !key.id.isEmpty, key.id.utf8.count <= Self.longestID else { return nil }
        if key.fromMe {
            self.init(id: key.id, chat: header.chat, sender: header.sender, isFromMe: header.isFromMe)
        } else if header.isGroup || header.chat.isBroadcast {
            guard let author = JID(key.participant), author.isUser || author.isBot else { return nil }
            self.init(id: key.id, chat: header.chat, sender: author, isFromMe: header.isOwn(author))
        } else if header.isFromMe {
            self.init(id: key.id, chat: header.chat, sender: header.chat, isFromMe: false)
        } else {
            guard let own = header.ownAddresses.first else { return nil }
            let sameKind = header.ownAddresses.first { $0.server == header.chat.server }
            self.init(id: key.id, chat: header.chat, sender: sameKind ?? own, isFromMe: true)
        }
    }

    /// The key that names the message to others.
    var key: WAMessageKey {
        var key = WAMessageKey()
        key.remoteJid = chat.description
        key.fromMe = isFromMe
        key.id = id
        if !isFromMe, !chat.isUser { key.participant = sender.description }
        return key
    }
}
