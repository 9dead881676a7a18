public import Foundation
public import WhatsAppWire

/// A message before it is sent.
public struct OutgoingMessage: Sendable, Hashable {
    public var content: OutgoingContent
    /// The message that it answers.
    public var quote: Quote?
    /// Whom it names; the text must hold `@` and the user part of each.
    public var mentions: [JID]
    /// After how many seconds messages of the chat disappear; nil or 0 if they stay.
    public var expiration: Int?
    /// When the chat's timer was set.
    public var expirationSetAt: Date?
    /// Whether it is shown as forwarded.
    public var isForwarded: Bool
    /// 32 random bytes with which votes of a poll are sealed. Keep them to read the votes, and to send the same poll
    /// once more; nil takes new ones that nobody learns.
    public var secret: [UInt8]?

    public init(
        _ content: OutgoingContent, quote: Quote? = nil, mentions: [JID] = [], expiration: Int? = nil,
        expirationSetAt: Date? = nil, isForwarded: Bool = false, secret: [UInt8]? = nil
    ) {
        self.content = content
        self.quote = quote
        self.mentions = mentions
        self.expiration = expiration
        self.expirationSetAt = expirationSetAt
        self.isForwarded = isForwarded
        self.secret = secret
    }
}
