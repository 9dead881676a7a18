/// Moves what every table of the product holds about one member to another, when both turn out to be one person.
public struct IdentityMove: Sendable {
    /// A name that a person had, and the one that they have from now on.
    public struct Names<Name: Identifier>: Sendable {
        public let old: Name
        public let new: Name

        public init(old: Name, new: Name) {
            self.old = old
            self.new = new
        }
    }

    private let tables: [PersonalData]

    /// - Parameters:
    ///   - personalData: of all tables of the product.
    ///   - users: the network's own table of users, which its directory keeps; `nil` when it is not among them.
    public init(personalData: [PersonalData], except users: SQLName? = nil) {
        tables = personalData.filter { $0.table != users }
    }

    /// The statements; where both have a row that may exist once, the new name's stays, as the table's `joining` left
    /// it. A name that stays the same moves nothing.
    public func statements(of member: Names<MemberID>, in chats: [Names<ChatID>]) -> [SQL] {
        tables.flatMap { data -> [SQL] in
            let members = data.member.map { Self.move(data.table, $0, from: member.old, to: member.new) }
            let rooms = data.chat.map { column in
                chats.flatMap { Self.move(data.table, column, from: $0.old, to: $0.new) }
            }
            let joining = member.old == member.new ? [] : data.joining?.statements(member.old, member.new)
            return (joining ?? []) + (members ?? []) + (rooms ?? [])
        }
    }

    private static func move<Name: Identifier>(
        _ table: SQLName, _ column: SQLName, from old: Name, to new: Name
    ) -> [SQL] {
        // What did not clash was moved away from the old name; where nothing moves, that would be everything.
        guard old != new else { return [] }
        return [
            // PostgreSQL has no such clause: there a table whose rows may clash needs a statement of its own.
            """
            UPDATE \(sqlite: "OR IGNORE ", postgres: "")\(name: table) SET \(name: column) = \(new.rawValue)
            WHERE \(name: column) = \(old.rawValue)
            """,
            "DELETE FROM \(name: table) WHERE \(name: column) = \(old.rawValue)",
        ]
    }
}
