import ArgumentParser
import BotCore
import BotKit
import Foundation
import Logging
import Providers
import StoreSQLite
import WhatsAppWeb

/// `Benchmarks web-echo`: the client library alone, over its real store, sending each text back.
struct WebEchoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "web-echo", abstract: "Link the client library to an emulator and send each text back.",
        discussion: "What `bench` measures beside whatsmeow. QR codes are lines of standard output.",
        shouldDisplay: false)

    @Option(help: "The folder for database and keys.") var home: String
    @Option(help: "The emulated server.") var server: String
    @Option(help: "Its root key, hexadecimal.") var root: String

    func run() async throws {
        let folder = URL(filePath: home, directoryHint: .isDirectory)
        let database = try SQLiteDatabase.open(folder.appending(path: "echo.sqlite"))
        let time = SystemTime()
        _ = try await Migrator(database, CoreSchema.migrations + WebTables.migrations, time: time).apply()
        let logger = Logger(label: "echo") { _ in SwiftLogNoOpLogHandler() }
        let (texts, echo) = AsyncStream.makeStream(of: ReceivedMessage.self)
        let bot = EchoBot(database: database)
        let store = try await DatabaseWebStore.open(
            account: AccountID(provider: WebAccount.provider, name: "echo"), database: database,
            keyFile: try WebKeyFile.loadOrMake(at: folder.appending(path: "web.key")), witnessFolder: folder,
            inbox: bot, reports: bot, time: time, logger: logger
        ) { _ in WebDelivery() }
        guard let url = URL(string: server) else { throw ValidationError("--server is no address") }
        let digits = root.compactMap(\.hexDigitValue)
        guard digits.count == 64 else { throw ValidationError("--root must have 64 hexadecimal digits") }
        let key = stride(from: 0, to: 64, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
        let client = WebClient(
            settings: WebSettings(server: url, root: key), store: EchoStore(store: store, echo: echo), logger: logger)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { throw BenchmarkFailure("the client ended: \(try await client.run().message)") }
            group.addTask { for await notice in client.notices { Self.show(notice) } }
            group.addTask {
                try await withThrowingDiscardingTaskGroup { sends in
                    for await message in texts {
                        guard case .text(let text) = message.content else { continue }
                        sends.addTask { try await client.send(OutgoingMessage(.text(text)), to: message.header.chat) }
                    }
                }
            }
            try await group.waitForAll()
        }
    }

    private static func show(_ notice: WebNotice) {
        guard case .qr(let text, _) = notice else { return }
        FileHandle.standardOutput.write(Data("\(text)\n".utf8))
    }
}

/// Hands on each text that was stored.
private struct EchoStore: WebStore {
    let store: DatabaseWebStore
    let echo: AsyncStream<ReceivedMessage>.Continuation

    func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]] { try await store.load(keys) }

    func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry] {
        try await store.list(kind, after: name, limit: limit)
    }

    func commit(_ changes: [StoreChange], events: [WebEvent]) async throws {
        try await store.commit(changes, events: events)
        for case .message(let message) in events where !message.header.isFromMe { echo.yield(message) }
    }
}

/// The part of a bot that keeps messages; this one has none to keep.
private struct EchoBot: Inbox, DeliveryReports {
    let database: SQLiteDatabase

    func receive(_ messages: [InboundMessage], writes: [SQL]) async throws { try await database.transaction(writes) }
    func report(_ report: DeliveryReport) async throws {}
    func knows(_ message: MessageID, row: Int64?) async throws -> Bool { true }
}
