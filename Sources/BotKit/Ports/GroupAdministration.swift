/// A group as its network shows it to us.
public struct GroupProfile: Sendable, Hashable {
    /// Somebody in the group.
    public struct Member: Sendable, Hashable {
        public var id: MemberID
        public var phone: PhoneNumber?
        public var isAdmin: Bool

        public init(id: MemberID, phone: PhoneNumber? = nil, isAdmin: Bool = false) {
            self.id = id
            self.phone = phone
            self.isAdmin = isAdmin
        }
    }

    public var subject: String
    public var description: String?
    /// All but ourselves.
    public var members: [Member]
    /// Whether we are an admin, and so may change the group.
    public var isOurs: Bool

    public init(subject: String, description: String? = nil, members: [Member] = [], isOurs: Bool = false) {
        self.subject = subject
        self.description = description
        self.members = members
        self.isOurs = isOurs
    }

    /// Whether a person is an admin of the group. Who is in the group under another name is known by the number.
    public func hasAdmin(_ member: MemberID, phone: PhoneNumber? = nil) -> Bool {
        members.contains { $0.isAdmin && ($0.id == member || $0.phone != nil && $0.phone == phone) }
    }
}

/// What an admin does to members of a group.
public enum GroupMemberAct: String, Sendable, Hashable, CaseIterable {
    case add, remove, promote, demote
}

/// Why something was not done in a group.
public struct GroupFailure: ClassifiedError, Hashable {
    /// What stood in the way.
    public enum Reason: Sendable, Hashable {
        /// There is no such group, or we are not in it.
        case notThere
        /// Only an admin may do that, and we are none; or the network does not let us.
        case notAllowed
        /// What was asked for is nothing that the network takes, such as an empty name.
        case invalid
        /// The network cannot be asked now; it may or may not have been done.
        case unreachable
    }

    public let reason: Reason
    public let description: String
    public var failureClass: FailureClass { reason == .unreachable ? .outage : .defect }

    public init(_ reason: Reason, _ description: String) {
        self.reason = reason
        self.description = description
    }
}

/// The groups of one account: who is in them, and what their admins do. All of it throws `GroupFailure`.
public protocol GroupAdministration: Sendable {
    /// What a group is now.
    func profile(of group: ChatID) async throws -> GroupProfile
    /// Adds, removes, promotes or demotes members.
    /// - Returns: those with whom it was not done, such as members who let nobody add them.
    func change(_ members: [MemberID], of group: ChatID, _ act: GroupMemberAct) async throws -> [MemberID]
    /// Gives the group another name, of 1 to 100 characters.
    func rename(_ group: ChatID, to subject: String) async throws
    /// Gives the group another description; `nil` takes it away.
    func describe(_ group: ChatID, as description: String?) async throws
    /// The link by which anybody can join.
    /// - Parameter isReset: makes a new one, and the old one void.
    func inviteLink(of group: ChatID, isReset: Bool) async throws -> String
    /// Deletes a message for all: our own, or as an admin one of a member. Doing so twice changes nothing.
    func delete(_ message: MessageID, in group: ChatID) async throws
    /// Takes us out of the group.
    func leave(_ group: ChatID) async throws
}
