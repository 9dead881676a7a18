import BotCore
import BotKit
import Foundation
import Logging

/// What the commands about access work with: the store of a bot that may run meanwhile.
struct AccessDesk {
    let ledger: AccessLedger
    let audit: AuditLog
    let ids: RowIDs
    let now: Date

    static func open(_ sources: ConfigurationOptions, _ body: (AccessDesk) async throws -> Void) async throws {
        let config = try sources.reader()
        let home = try Home(lookingAt: config)
        let settings = try AccessSettings(config)
        try await Stores.using(home) { database in
            let ids = RowIDs.beside()
            ids.skip(past: try await BotCore.lastRow(in: database))
            try await body(
                AccessDesk(
                    ledger: AccessLedger(database: database, ids: ids, settings: settings),
                    audit: try await AuditLog.beside(database, in: home), ids: ids, now: SystemTime().now))
        }
    }
}

extension AuditLog {
    /// The audit for a command that may run beside a bot. Only for the first entry a key is made.
    static func beside(_ database: any Database, in home: Home) async throws -> AuditLog {
        let isEmpty = try await database.rows("SELECT sequence FROM audit_entry LIMIT 1").isEmpty
        return AuditLog(
            database: database,
            key: try isEmpty ? AuditKey(home: home.folder) : AuditKey(lookingAt: home.folder),
            pseudonyms: try Pseudonyms(home: home.folder), sealEvery: 1, time: SystemTime(),
            logger: Logger(label: "audit"))
    }

    /// Records that whoever sits at the machine looks at what a permission is needed for in a chat.
    /// - Parameter command: its words, without `martlet`.
    func note(reading command: String) async throws {
        let entry = AuditEntry(.permissionAllowed, details: ["command": command])
        try await commit([], recording: [Event(entry, by: .terminal)])
    }
}
