import BotKit

/// Moves what every table of the product holds about one member to another, when both turn out to be one person.
struct IdentityMove: Sendable {
    /// A name that a person had, and the one that they have from now on.
    struct Names<Name: Identifier>: Sendable {
        let old: Name
        let new: Name
    }

    private let tables: [PersonalData]

    /// - Parameters:
    ///   - personalData: of all tables of the product.
    ///   - users: the network's own table of users, which its directory keeps.
    init(personalData: [PersonalData], except users: SQLName) { tables = personalData.filter { $0.table != users } }

    /// The statements; where both have a row that may exist once, the new name's stays.
    func statements(of member: Names<MemberID>, in chats: [Names<ChatID>]) -> [SQL] {
        tables.flatMap { data -> [SQL] in
            let members = data.member.map { Self.move(data.table, $0, from: member.old, to: member.new) }
            let rooms = data.chat.map { column in
                chats.flatMap { Self.move(data.table, column, from: $0.old, to: $0.new) }
            }
            return (members ?? []) + (rooms ?? [])
        }
    }

    private static func move(
        _ table: SQLName, _ column: SQLName, from old: some Identifier, to new: some Identifier
    ) -> [SQL] {
        [
            // PostgreSQL has no such clause: there a table whose rows may clash needs a statement of its own.
            """
            UPDATE \(sqlite: "OR IGNORE ", postgres: "")\(name: table) SET \(name: column) = \(new.rawValue)
            WHERE \(name: column) = \(old.rawValue)
            """,
            "DELETE FROM \(name: table) WHERE \(name: column) = \(old.rawValue)",
        ]
    }
}
