public import Foundation
import WhatsAppProto

/// An emoji that somebody put on a message.
public struct Reaction: Sendable, Hashable {
    /// Empty if the reaction was taken back.
    public var emoji: String
    public var target: MessageReference
    /// The sender's own time, by which the newest of several wins.
    public var at: Date?

    public init(_ emoji: String, to target: MessageReference, at time: Date? = nil) {
        self.emoji = emoji
        self.target = target
        at = time
    }

    public var isRemoval: Bool { emoji.isEmpty }

    init?(_ message: WAReactionMessage, in header: MessageHeader) {
        guard let target = MessageReference(message.key, in: header) else { return nil }
        self.init(message.text, to: target, at: Date(messageMilliseconds: message.senderTimestampMs))
    }
}
