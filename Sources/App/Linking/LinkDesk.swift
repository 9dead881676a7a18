import BotCore
import BotKit
import Foundation
import Logging
import Providers

/// What a command needs to link accounts: the store, and an inbox that keeps messages for the bot's next start.
struct LinkDesk: Sendable {
    /// Whether no bot works on this folder now, so that accounts may connect.
    let isAlone: Bool
    let accounts: WebAccounts
    let network: WhatsAppWebNetwork
    private let audit: AuditLog
    private let database: Stores.Store
    private let files: ProcessFolder

    /// Opens the store, alone or beside a running bot; alone it brings the schema up to date.
    /// - Throws: `Misconfiguration`, `DatabaseError`.
    static func open(_ home: Home, _ settings: ProductSettings, logger: Logger) async throws -> LinkDesk {
        let (store, isAlone) = try Stores.openBesideOrAlone(home)
        do {
            let migrator = Migrator(store, ProductSchema.whole.migrations, time: SystemTime())
            if isAlone {
                _ = try await migrator.apply()
            } else if try await !migrator.pending().isEmpty {
                throw Misconfiguration(
                    "database", "has the tables of an older program, and a bot is running on it",
                    remedy: "Restart the bot with this program first.")
            }
            return try await LinkDesk(store, isAlone: isAlone, home, settings, logger)
        } catch {
            try? await store.close()
            throw error
        }
    }

    private init(
        _ store: Stores.Store, isAlone: Bool, _ home: Home, _ settings: ProductSettings, _ logger: Logger
    ) async throws {
        let time = SystemTime()
        let ids = RowIDs.beside()
        ids.skip(past: try await BotCore.lastRow(in: store))
        // None of its services run: what comes is stored, and answered after the next start.
        let core = BotCore(
            features: [], personalData: ProductSchema.whole.personalData,
            directory: ProviderDirectory(settings: ProductProviders.accountSettings), database: store,
            settings: settings.core, auditKey: try AuditKey(home: home.folder), phrasebook: try Languages.phrasebook(),
            ids: ids,
            pseudonyms: try Pseudonyms(home: home.folder), instance: "link", time: time, logger: logger)
        self.isAlone = isAlone
        files = try home.temporaryFiles(settings.process, logger)
        database = store
        audit = core.audit
        accounts = WebAccounts(store)
        network = WhatsAppWebNetwork(
            settings.web, database: store, folder: home.folder, inbox: core.inbox, reports: core.outbox,
            personalData: ProductSchema.whole.personalData, time: time, logger: logger,
            files: MediaFolder(files))
    }

    /// What may be done with an account.
    enum Act: String { case link, unlink }

    /// Records an act before it is done.
    func note(_ act: Act, of account: String) async throws {
        let entry = AuditEntry(.accountChange, details: ["account": account, "command": act.rawValue])
        try await audit.commit([], recording: [AuditLog.Event(entry, by: .terminal)])
    }

    func close() async throws {
        files.remove()
        try await database.close()
    }
}

extension LinkDesk {
    /// Runs `body` with a desk that is closed afterwards.
    static func with<Result>(
        _ home: Home, _ settings: ProductSettings, logger: Logger, _ body: (LinkDesk) async throws -> Result
    ) async throws -> Result {
        let desk = try await open(home, settings, logger: logger)
        let result: Swift.Result<Result, any Error>
        do { result = .success(try await body(desk)) } catch { result = .failure(error) }
        try await desk.close()
        return try result.get()
    }
}
