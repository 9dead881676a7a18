public import Foundation
public import WhatsAppWire

/// What is known of a group.
public struct GroupInfo: Sendable, Hashable {
    public var id: JID
    public var subject: String
    public var description: String?
    /// The description's own id, which a change of it names.
    public var descriptionID: String?
    public var createdAt: Date?
    public var creator: JID?
    public var participants: [Participant]
    /// Whether members are named by hidden ids (LID) or by phone numbers.
    public var usesLIDs: Bool
    public var isAnnouncement: Bool
    public var isLocked: Bool
    public var needsApproval: Bool
    /// How long messages last; nil for ever.
    public var disappearsAfter: Duration?

    /// A member.
    public struct Participant: Sendable, Hashable {
        /// How the group names the member.
        public var jid: JID
        /// The member's hidden id and phone number, those that are known.
        public var lid: JID?
        public var phoneNumber: JID?
        public var role: Role
    }

    /// What a member may do.
    public enum Role: String, Sendable, Hashable { case member, admin, creator = "superadmin" }

    public func role(of member: JID) -> Role? {
        let member = member.withoutDevice
        return participants.first { $0.jid == member || $0.lid == member || $0.phoneNumber == member }?.role
    }
}
