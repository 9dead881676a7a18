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

    public init(
        _ content: OutgoingContent, quote: Quote? = nil, mentions: [JID] = [], expiration: Int? = nil,
        expirationSetAt: Date? = nil, isForwarded: Bool = false
    ) {
        self.content = content
        self.quote = quote
        self.mentions = mentions
        self.expiration = expiration
        self.expirationSetAt = expirationSetAt
        self.isForwarded = isForwarded
    }
}
