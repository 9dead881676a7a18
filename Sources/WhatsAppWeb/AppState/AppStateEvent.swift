public import Foundation
public import WhatsAppWire
import WhatsAppProto

/// Something of the account's own state that was changed on the phone or another device.
public struct AppStateEvent: Sendable, Hashable {
    /// What was changed.
    public enum Change: Sendable, Hashable {
        /// Silent until then; for ever if there is no time. Nil: not silent.
        case muted(JID, MuteEnd?)
        case pinned(JID, Bool)
        case archived(JID, Bool)
        /// Marked as read or unread by hand.
        case markedRead(JID, Bool)
        case starred(MessageID, inChat: JID, Bool)
        /// What the own account calls itself.
        case pushName(String)
        /// An entry of the address book; nil if it is gone.
        case contact(JID, ContactNames?)
        /// A pair of addresses of one user.
        case alias(lid: JID, phone: JID)
        case messageDeleted(MessageID, inChat: JID)
        case chatCleared(JID)
        case chatDeleted(JID)
        case locale(String)
        /// A secret with which tokens of contacts are made; nil if it is gone.
        case tokenSalt([UInt8]?)
        /// Something that has no form here.
        case other([String], isRemoved: Bool)
    }

    /// When a chat is no longer silent.
    public enum MuteEnd: Sendable, Hashable {
        case never
        case at(Date)
    }

    /// The id of a message.
    public typealias MessageID = String

    /// How the own address book names somebody.
    public struct ContactNames: Sendable, Hashable {
        public var full: String?
        public var first: String?
        /// The contact's LID or phone number, whichever the entry is not under.
        public var alias: JID?

        public init(full: String?, first: String? = nil, alias: JID? = nil) {
            self.full = full
            self.first = first
            self.alias = alias
        }
    }

    public var change: Change
    /// When it was changed, by the device's own clock.
    public var at: Date?
    /// Whether it came with a snapshot: it may be long known.
    public var isFromSnapshot: Bool
}
