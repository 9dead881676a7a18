public import Foundation
public import WhatsAppWire

/// News of how far messages have come.
public struct MessageReceipt: Sendable, Hashable {
    /// How far a message has come.
    public enum Kind: String, Sendable, Hashable, Codable {
        /// A device of the recipient has it.
        case delivered
        /// The recipient has seen it; or the own account has, on another device (`isFromMe`).
        case read
        /// A voice note was heard or a view-once message opened.
        case played
        /// The recipient's device cannot do anything with it.
        case failed
    }

    public var kind: Kind
    /// The ids of the messages.
    public var messageIDs: [String]
    public var chat: JID
    /// Whose receipt it is. Without device.
    public var sender: JID
    /// Whether the own account sent it, from another device: the messages are those of others.
    public var isFromMe: Bool
    public var at: Date

    public init(kind: Kind, messageIDs: [String], chat: JID, sender: JID, isFromMe: Bool, at: Date) {
        self.kind = kind
        self.messageIDs = messageIDs
        self.chat = chat.withoutDevice
        self.sender = sender.withoutDevice
        self.isFromMe = isFromMe
        self.at = at
    }
}
