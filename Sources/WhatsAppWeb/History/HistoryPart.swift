public import Foundation
public import WhatsAppWire

/// A part of the history that the phone sends after linking, or when asked.
public enum HistoryPart: Sendable, Hashable {
    /// Messages of one chat, as many as fit into bounded memory: a long chat comes in several parts.
    case messages(chat: JID, [ReceivedMessage])
    /// What is known of a chat; after its messages.
    case chat(HistoryChat)
    /// How users call themselves.
    case pushNames([JID: String])
    /// Phone numbers by LID.
    case aliases([JID: JID])
    /// A secret with which tokens of contacts are made.
    case tokenSalt([UInt8])
    /// A secret that goes with deleting history from the media servers.
    case companionNonce(String)
    /// The chunk is over: how much of all has come, in percent, and how many fields were too large to be read.
    case end(progress: Int?, leftOut: Int)
}

/// A chat of the history.
public struct HistoryChat: Sendable, Hashable {
    public var chat: JID
    /// The other side's other address, in direct chats.
    public var alias: JID?
    public var name: String?
    public var lastMessageAt: Date?
    public var unreadCount: Int
    public var isArchived: Bool
    public var isReadOnly: Bool
    /// After how many seconds messages disappear; nil if they stay.
    public var expiration: Int?
    public var muteEndsAt: Date?
    /// What the other side gave us to be let through to them.
    public var privacyToken: [UInt8]?
    public var privacyTokenAt: Date?
}
