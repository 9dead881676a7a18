import BotKit
import Providers

/// Keeps a clock that is moved by hand away from what other networks stored: what it makes too old is given up and
/// removed, and never comes back.
struct ManualClockCheck: Sendable {
    let database: any Database
    let personalData: [PersonalData]

    /// - Throws: `Misconfiguration` when the data folder holds anything of a person or chat of another network.
    func run() async throws {
        for data in personalData {
            for column in [data.member, data.chat].compactMap(\.self) where try await hasOthers(data.table, column) {
                throw Misconfiguration(
                    "--manual-clock", "would make old what other networks stored in this data folder",
                    remedy: "Set MARTLET_HOME to a folder for scripts alone, such as an empty one.")
            }
        }
    }

    private func hasOthers(_ table: SQLName, _ column: SQLName) async throws -> Bool {
        // Members and chats begin with the name of their network, then `/` or `:`.
        let ours = ConsoleProvider.account.provider.rawValue
        return try await !database.rows(
            """
            SELECT 1 AS one FROM \(name: table)
            WHERE \(name: column) NOT LIKE \(ours + "/%") AND \(name: column) NOT LIKE \(ours + ":%") LIMIT 1
            """
        ).isEmpty
    }
}
