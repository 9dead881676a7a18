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
                    audit: AuditLog(
                        database: database, key: try AuditKey(home: home.folder),
                        pseudonyms: try Pseudonyms(home: home.folder), sealEvery: 1, time: SystemTime(),
                        logger: .init(label: "access")), ids: ids, now: SystemTime().now))
        }
    }
}
