public import WhatsAppWire

/// A message that came and could be read. Its header's properties are its own: `message.chat`, `message.sender`.
@dynamicMemberLookup
public struct ReceivedMessage: Sendable, Hashable {
    /// What the server says of it.
    public var header: MessageHeader
    public var content: MessageContent
    /// The message that it answers.
    public var quote: Quote?
    /// Whom it names. Without devices.
    public var mentions: [JID]
    /// After how many seconds it disappears; nil if it stays.
    public var expiration: Int?
    /// The timer of the chat, in seconds, as far as the message shows it: 0 if there is none, nil if it does not say,
    /// as messages without context and those that only change another one.
    public var chatTimer: Int?
    /// Whether it may be looked at once only.
    public var isViewOnce: Bool
    public var isForwarded: Bool
    /// 32 bytes with which later additions (votes, encrypted reactions) are sealed.
    public var secret: [UInt8]?
    /// The message as it was decrypted, a protobuf `Message`, envelopes included.
    public var bytes: [UInt8]

    public init(
        header: MessageHeader, content: MessageContent, quote: Quote? = nil, mentions: [JID] = [],
        expiration: Int? = nil, chatTimer: Int? = nil, isViewOnce: Bool = false, isForwarded: Bool = false,
        secret: [UInt8]? = nil, bytes: [UInt8] = []
    ) {
        self.header = header
        self.content = content
        self.quote = quote
        self.mentions = mentions
        self.expiration = expiration
        self.chatTimer = chatTimer
        self.isViewOnce = isViewOnce
        self.isForwarded = isForwarded
        self.secret = secret
        self.bytes = bytes
    }

    public subscript<Value>(dynamicMember path: KeyPath<MessageHeader, Value>) -> Value { header[keyPath: path] }

    /// Whether the own account is named.
    public var mentionsMe: Bool { mentions.contains { header.isOwn($0) } }
}
