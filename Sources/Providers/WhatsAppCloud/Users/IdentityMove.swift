import BotKit

/// Moves what every table of the product holds about one member to another, when both turn out to be one person.
struct IdentityMove: Sendable {
    let personalData: [PersonalData]
    let accounts: [AccountID]

    /// The statements; where both have a row that may exist once, the winner's stays.
    func statements(from loser: CloudUser, to winner: CloudUser) -> [SQL] {
        personalData.filter { $0.table != "cloud_user" }.flatMap { data -> [SQL] in
            let member = data.member.map { column in
                Self.move(
                    data.table, column, from: CloudUser.member(loser.id).rawValue,
                    to: CloudUser.member(winner.id).rawValue)
            }
            let chats = data.chat.map { column in
                accounts.flatMap { account in
                    Self.move(
                        data.table, column, from: loser.chat(of: account).rawValue,
                        to: winner.chat(of: account).rawValue)
                }
            }
            return (member ?? []) + (chats ?? [])
        }
    }

    private static func move(_ table: SQLName, _ column: SQLName, from old: String, to new: String) -> [SQL] {
        [
            // PostgreSQL has no such clause: there a table whose rows may clash needs a statement of its own.
            """
            UPDATE \(sqlite: "OR IGNORE ", postgres: "")\(name: table) SET \(name: column) = \(new)
            WHERE \(name: column) = \(old)
            """,
            "DELETE FROM \(name: table) WHERE \(name: column) = \(old)",
        ]
    }
}
