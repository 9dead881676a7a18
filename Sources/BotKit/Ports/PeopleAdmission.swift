/// Lets people in as `!allow` does, for other forms of it.
public protocol PeopleAdmission: Sendable {
    /// - Returns: what lets the person in for good, and the entries of the audit.
    /// - Throws: `Refusal` when it is not for the member of the turn to decide, `DatabaseError`.
    func allowing(_ person: Person, in turn: Turn) async throws -> Answer
}
