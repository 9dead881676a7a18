/// The people whom one account writes with, and its network's own list of those who are shut out.
public protocol ContactBlocking: Sendable {
    var account: AccountID { get }
    /// The direct chats of the account with a person, as far as it knows any.
    /// - Throws: `DatabaseError`.
    func chats(with person: Person) async throws -> [ChatID]
    /// All names by which the network knows a person: members, ids and the number that they have now; empty when it
    /// knows nobody by that one.
    /// - Throws: `DatabaseError`.
    func names(of person: Person) async throws -> Set<Person>
    /// Shuts a person out at the network, or lets them write again. Doing so twice changes nothing.
    /// - Returns: `false` when the network does not know the person.
    /// - Throws: `Outage` when the network did not do it, `DatabaseError`.
    func setBlocked(_ isBlocked: Bool, _ person: Person) async throws -> Bool
}
