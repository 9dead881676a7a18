import BotKit
import Providers

/// Keeps a clock that is moved by hand away from what other networks stored: what it makes too old is given up and
/// removed, and never comes back.
struct ManualClockCheck: Sendable {
    let database: any Database
    /// What all tables hold about people.
    let personalData: [PersonalData]
    /// The tables that networks own; the terminal has none.
    let networks: [PersonalData]

    /// - Throws: `Misconfiguration` when the data folder holds anything of another network.
    func run() async throws {
        for data in networks where try await has("SELECT 1 AS one FROM \(name: data.table) LIMIT 1") {
            throw Self.refusal
        }
        for data in personalData {
            for column in [data.member, data.chat].compactMap(\.self) where try await hasOthers(data.table, column) {
                throw Self.refusal
            }
        }
    }

    private static let refusal = Misconfiguration(
        "--manual-clock", "would make old what other networks stored in this data folder",
        remedy: "Set MARTLET_HOME to a folder for scripts alone, such as an empty one.")

    private func hasOthers(_ table: SQLName, _ column: SQLName) async throws -> Bool {
        // Members and chats begin with the name of their network, then `/` or `:`; what is counted for all has none.
        let ours = ConsoleProvider.account.provider.rawValue
        return try await has(
            """
            SELECT 1 AS one FROM \(name: table)
            WHERE \(name: column) <> '' AND \(name: column) NOT LIKE \(ours + "/%")
                AND \(name: column) NOT LIKE \(ours + ":%") LIMIT 1
            """)
    }

    private func has(_ query: SQL) async throws -> Bool { try await !database.rows(query).isEmpty }
}
