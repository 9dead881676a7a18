import BotKit

/// By which names the networks know people: what is decided about one name must not hit somebody under another.
struct KnownNames: Sendable {
    /// A person has a few names on each network; more would be somebody's play.
    private static let most = 64

    let networks: @Sendable () -> [any ContactBlocking]

    /// The name and all others of the same person, as far as the networks know.
    /// - Throws: `DatabaseError`.
    func names(of person: Person) async throws -> Set<Person> {
        var (names, asked): (Set<Person>, Set<Person>) = ([person], [])
        // An id of one network leads to a number, and that to an id of another.
        while let next = names.subtracting(asked).first, asked.count < Self.most {
            asked.insert(next)
            for network in networks() { names.formUnion(try await network.names(of: next)) }
        }
        return names
    }

    /// What ties a decision in trust to the number that a member has now. Where none is known, or not which, it will be
    /// the one that they show next.
    /// - Throws: `DatabaseError`.
    func binding(_ person: Person, in book: any AccessBook) async throws -> [SQL] {
        guard case .member(let member) = person else { return [] }
        var numbers: Set<PhoneNumber> = []
        for network in networks() {
            for case .number(let number) in try await network.names(of: .member(member)) { numbers.insert(number) }
        }
        guard numbers.count == 1, let number = numbers.first else { return [] }
        return book.binding(member, to: number)
    }
}
