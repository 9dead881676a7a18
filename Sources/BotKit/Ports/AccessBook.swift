public import Foundation

/// Somebody with a role.
public struct RoleHolder: Sendable, Hashable {
    public var person: Person
    public var role: Role
    /// Whether the settings give the role, so that no command takes it away.
    public var isSet: Bool
    /// Whether somebody else writes under the number by now, so that the role does not count until it is confirmed.
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
    /// The greatest role of a person, under this name or another that is known to be theirs.
    /// - Throws: `DatabaseError`.
    func role(of person: Person) async throws -> Role
    /// Gives a role; `user` takes it away.
    func giving(_ role: Role, to person: Person, at time: Date) -> [SQL]
    /// Decides whether a person is answered; `none` takes back what was decided.
    func admitting(_ admission: Admission, _ person: Person, until end: Date?, at time: Date) -> [SQL]
    /// What was decided about a person by that name, whenever it ends.
    /// - Throws: `DatabaseError`.
    func admission(of person: Person) async throws -> Admission
    /// What waits to be sent to chats is not sent any more.
    func silencing(_ chats: [ChatID]) -> [SQL]
    /// Decides whether a group is answered in.
    func admitting(_ admission: Admission, group: ChatID, at time: Date) -> [SQL]
    /// Whoever writes under the number by now is the one who is trusted.
    func confirming(_ number: PhoneNumber) -> [SQL]
    /// Whether somebody else writes under the number than who did when it was trusted first.
    /// - Throws: `DatabaseError`.
    func isInDoubt(_ number: PhoneNumber) async throws -> Bool
    /// Who waits with `code`; `nil` when nobody does, or no longer.
    func request(_ code: String, at time: Date) async throws -> PairingRequest?
    /// All who wait, the oldest first.
    func requests(at time: Date) async throws -> [PairingRequest]
    /// Lets in who waits; it holds only once.
    func approving(_ request: PairingRequest, at time: Date) -> [SQL]
}

/// Sessions in which an admin may do what is not done by accident.
public protocol AdminSessions: Sendable {
    /// Opens a session in place of an open one.
    /// - Returns: the token, which is shown once, and what stores its hash.
    func opening(for turn: Turn) -> (token: String, writes: [SQL])
    /// Ends the session of the member in the chat.
    func closing(for turn: Turn) -> [SQL]
}
