public import Foundation
public import WhatsAppWire

/// Something changed in a group.
public struct GroupEvent: Sendable, Hashable {
    public var group: JID
    /// Who did it; nil when the server does not say.
    public var author: JID?
    public var at: Date
    public var change: Change
    /// The stanza's id, the same when it comes again.
    public var id: String

    /// What can change.
    public enum Change: Sendable, Hashable {
        /// The group is new, or we are new in it.
        case created(GroupInfo)
        case added([JID])
        /// Includes those who left by themselves: then they are the author.
        case removed([JID])
        case promoted([JID])
        case demoted([JID])
        case subject(String)
        case description(String?)
        /// Whether only admins may write.
        case announcement(Bool)
        /// Whether only admins may change the group.
        case locked(Bool)
        /// How long messages last; nil for ever.
        case disappearing(Duration?)
        /// Whether admins must let in who wants to join.
        case approval(Bool)
        case inviteReset
        case membershipRequested([JID])
        case deleted
        /// A change that the client does not know, by its tag.
        case other(String)
    }
}
