import BotCore
import BotKit
import Configuration
import Foundation
import Logging
import StoreSQLite

/// The bot's core without networks and models, over a store in a folder: what does jobs.
struct BareCore: Sendable {
    let database: SQLiteDatabase
    let ids: RowIDs
    let jobs: JobRunner

    /// - Parameters:
    ///   - feature: brings the jobs.
    ///   - settings: what differs from the defaults.
    init(_ folder: URL, _ feature: any Feature, ids: RowIDs = RowIDs(), settings: [String: String] = [:]) async throws {
        let database = try SQLiteDatabase.open(Self.database(in: folder))
        let time = SystemTime()
        _ = try await Migrator(database, CoreSchema.migrations, time: time).apply()
        let values = settings.map {
            (AbsoluteConfigKey([$0.key.lowercased()]), ConfigValue(.string($0.value), isSecret: false))
        }
        let config = ConfigReader(provider: InMemoryProvider(values: Dictionary(uniqueKeysWithValues: values)))
        jobs =
            BotCore(
                features: [feature], personalData: CoreSchema.personalData,
                directory: ProviderDirectory(), database: database,
                settings: BotCore.Settings(
                    pipeline: try PipelineSettings(config), outbox: try OutboxSettings(config),
                    jobs: try JobSettings(config), queue: try QueueSettings(config),
                    access: try AccessSettings(config), audit: try AuditSettings(config),
                    privacy: try PrivacySettings(config),
                    limits: try LimitSettings(config), alerts: try AlertSettings(config)),
                auditKey: try AuditKey(home: folder), phrasebook: Phrasebook(), ids: ids, pseudonyms: Self.pseudonyms,
                instance: "benchmarks", time: time,
                logger: Logger(label: "benchmarks") { _ in SwiftLogNoOpLogHandler() }
            ).jobs
        self.database = database
        self.ids = ids
    }

    static let pseudonyms = Pseudonyms(key: [UInt8](repeating: 0, count: 32))

    static func database(in folder: URL) -> URL { folder.appending(path: "jobs.sqlite") }
}
