public import WhatsAppWire

/// What is done to members of a group. The raw values are the protocol's.
public enum GroupMemberChange: String, Sendable, Hashable, CaseIterable {
    case add, remove, promote, demote
}

/// What came of it for one member.
public struct GroupMemberResult: Sendable, Hashable {
    /// As the group names the member.
    public var member: JID
    /// Nil when it is done; else the server's number: 403 (the member lets only contacts add them: send an invite),
    /// 404 (not there), 409 (is there already).
    public var error: Int?
}

/// What came of following an invite.
public struct GroupJoin: Sendable, Hashable {
    public var group: JID
    /// Whether an admin must let us in first.
    public var isWaiting: Bool
}

/// Somebody who wants to join a group.
public struct MembershipRequest: Sendable, Hashable {
    public var user: JID
    /// The other address, if the server gave it.
    public var alias: JID?
    /// Seconds since 1970; nil when the server does not say.
    public var requestedAt: Int64?
}
