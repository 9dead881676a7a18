import BotKit
import Foundation
import Logging
import Providers
import StoreSQLite
import Synchronization
import TestKit
import Testing
import WhatsAppWeb

/// A folder with a database, a key file and what stands for the bot.
final class StoreBench: Sendable {
    let folder: URL
    let inbox: RecordingInbox
    let database: SQLiteDatabase
    var keyFile: URL { folder.appending(path: "web.key") }
    var witness: URL { folder.appending(path: "web-main.witness") }

    /// - Parameter file: the database's name in the folder.
    init(folder: URL? = nil, file: String = "martlet.sqlite") async throws {
        self.folder = folder ?? FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: self.folder, withIntermediateDirectories: true)
        database = try SQLiteDatabase.open(self.folder.appending(path: file))
        inbox = RecordingInbox(database)
        let tables = try await database.rows("SELECT name FROM sqlite_master WHERE name = 'web_account'")
        if tables.isEmpty {
            try await database.transaction(
                WebTables.migrations.flatMap(\.statements) + ["CREATE TABLE note (id TEXT NOT NULL PRIMARY KEY)"])
        }
    }

    func open(
        _ name: String = "main", keyFile: URL? = nil, reports: any DeliveryReports = RecordingReports(),
        read: @escaping @Sendable ([WebEvent]) async throws -> WebDelivery = { _ in WebDelivery() }
    ) async throws -> DatabaseWebStore {
        var logger = Logger(label: "test")
        logger.logLevel = .trace
        logger.handler = Lines.Handler(lines: lines)
        return try await DatabaseWebStore.open(
            account: AccountID(provider: WebAccount.provider, name: name), database: database,
            keyFile: try WebKeyFile.loadOrMake(at: keyFile ?? self.keyFile), witnessFolder: folder, inbox: inbox,
            reports: reports, time: ManualTime(.monday), logger: logger, read: read)
    }

    let lines = Lines()
    var alerts: [String] { lines.all.filter { $0.contains("web_database_old") } }

    func count(_ table: SQLName) async throws -> Int64 {
        try await database.rows("SELECT COUNT(*) AS n FROM \(name: table)")[0].int("n")
    }

    /// Credentials as a client makes them at its first start.
    static func credentials() async throws -> [UInt8] {
        let store = MemoryStore()
        let client = WebClient(
            settings: WebSettings(server: URL(filePath: "/")), store: store, logger: Logger(label: "test"),
            time: WebTime(now: { .monday }, sleep: { _ in throw CancellationError() }))
        _ = try? await client.run()
        return try #require(store.load([.credentials])[.credentials])
    }
}

/// Keeps what is logged.
final class Lines: Sendable {
    private let state = Mutex<[String]>([])
    var all: [String] { state.withLock { $0 } }

    struct Handler: LogHandler {
        let lines: Lines
        var metadata: Logger.Metadata = [:]
        var logLevel: Logger.Level = .trace
        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }
        func log(event: LogEvent) {
            lines.state.withLock { $0.append("\(event.level) \(event.message) \(event.metadata ?? [:])") }
        }
    }
}

/// Stores messages by their ids, in one transaction with the writes, as the bot's inbox does.
final class RecordingInbox: Inbox {
    private let database: any Database
    init(_ database: any Database) { self.database = database }

    func receive(_ messages: [InboundMessage], writes: [SQL]) async throws {
        try await database.transaction(messages.map { "INSERT INTO note (id) VALUES (\($0.id))" } + writes)
    }
}

/// Keeps the news of what was sent.
final class RecordingReports: DeliveryReports {
    private let state = Mutex<[DeliveryReport]>([])
    var all: [DeliveryReport] { state.withLock { $0 } }
    func report(_ report: DeliveryReport) async throws { state.withLock { $0.append(report) } }
    func knows(_ message: MessageID, row: Int64?) async throws -> Bool { true }
}
