public import Foundation

/// Somebody with a role.
public struct RoleHolder: Sendable, Hashable {
    public var person: Person
    public var role: Role
    /// Whether the settings give the role, so that no command takes it away.
    public var isSet: Bool
    /// Whether somebody else writes under the number by now, or the member has another number, so that the role does
    /// not count until it is confirmed.
    public var isDoubtful: Bool

    public init(_ person: Person, _ role: Role, isSet: Bool, isDoubtful: Bool) {
        self.person = person
        self.role = role
        self.isSet = isSet
        self.isDoubtful = isDoubtful
    }
}

/// Somebody who waits to be let in.
public struct PairingRequest: Sendable, Hashable {
    public var code: String
    public var member: MemberID
    public var chat: ChatID
    public var phone: PhoneNumber?
    public var language: Language
    public var expiresAt: Date

    public init(
        code: String, member: MemberID, chat: ChatID, phone: PhoneNumber?, language: Language, expiresAt: Date
    ) {
        self.code = code
        self.member = member
        self.chat = chat
        self.phone = phone
        self.language = language
        self.expiresAt = expiresAt
    }
}

/// What was decided about people and groups. What changes it are statements, which take effect with an answer.
public protocol AccessBook: Sendable {
    /// All who have a role, the greatest first.
    func holders() async throws -> [RoleHolder]
    /// The greatest role of a person under any of their names, whether it counts now or is in doubt.
    /// - Throws: `DatabaseError`.
    func role(of names: Set<Person>) async throws -> Role
    /// Gives a role; `user` takes it away.
    func giving(_ role: Role, to person: Person, at time: Date) -> [SQL]
    /// Decides whether a person is answered; `none` takes back what was decided. To let in a member whose number has
    /// changed ends the role that they had with the other one.
    func admitting(_ admission: Admission, _ person: Person, until end: Date?, at time: Date) -> [SQL]
    /// What was decided about a person by that name, whenever it ends.
    /// - Throws: `DatabaseError`.
    func admission(of person: Person) async throws -> Admission
    /// What waits to be sent to chats is not sent any more.
    func silencing(_ chats: [ChatID]) -> [SQL]
    /// Decides whether a group is answered in.
    func admitting(_ admission: Admission, group: ChatID, at time: Date) -> [SQL]
    /// What was decided about a member in trust holds as long as they have the number. Without it, it holds for the
    /// number that they show next.
    func binding(_ member: MemberID, to number: PhoneNumber) -> [SQL]
    /// Whoever writes under the number by now is the one who is trusted; a member is, with the number that they have.
    func confirming(_ person: Person) -> [SQL]
    /// Whether somebody else writes under the number than who did when it was trusted first, or the member has another
    /// number than then.
    /// - Throws: `DatabaseError`.
    func isInDoubt(_ person: Person) async throws -> Bool
    /// Who waits with `code`; `nil` when nobody does, or no longer.
    func request(_ code: String, at time: Date) async throws -> PairingRequest?
    /// All who wait, the oldest first.
    func requests(at time: Date) async throws -> [PairingRequest]
    /// Lets in who waits; it holds only once. A role that is in doubt ends with it.
    func approving(_ request: PairingRequest, at time: Date) -> [SQL]
}

extension AccessBook {
    /// The role that a member has and that does not count, for their number has changed since.
    /// - Throws: `DatabaseError`.
    public func doubtfulRole(of person: Person) async throws -> Role? {
        guard case .member = person else { return nil }
        return try await holders().first { $0.person == person && $0.isDoubtful }?.role
    }
}

extension AuditEntry {
    /// A role ended because its holder was let in with another number.
    public static func lapsing(_ role: Role, of party: Party) -> AuditEntry {
        AuditEntry(
            .roleChange, of: party,
            details: ["from": role.word, "to": Role.user.word, "reason": "number_changed"])
    }
}

/// Sessions in which an admin may do what is not done by accident.
public protocol AdminSessions: Sendable {
    /// Opens a session in place of an open one.
    /// - Returns: the token, which is shown once, and what stores its hash.
    func opening(for turn: Turn) -> (token: String, writes: [SQL])
    /// Ends the session of the member in the chat.
    func closing(for turn: Turn) -> [SQL]
}
