import BotCore
import BotKit
import Configuration
import Foundation
import Logging
import StoreSQLite
import SwiftProtobuf
import Synchronization
import Testing
import TestKit
import WhatsAppProto
import WhatsAppWeb
import WhatsAppWire

@testable import Providers
@testable import WhatsAppEmulator

extension WhatsAppWebSettings {
    /// The settings that these environment variables make.
    init(variables: [String: String]) throws {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in variables {
            values[AbsoluteConfigKey([name.lowercased()], context: [:])] = ConfigValue(.string(value), isSecret: false)
        }
        try self.init(ConfigReader(provider: InMemoryProvider(values: values)))
    }
}

/// A linked account over a real store, with the emulated servers and phones as its peers.
struct WebRig: Sendable {
    static let personalData = CoreSchema.personalData + WebTables.personalData + WhatsAppWebChatTables.personalData
    /// The number that the bot speaks for, and those of members.
    static let bot = "15550000001"
    static let dana = "15550000002"
    static let omer = "15550000003"
    static let account = AccountID(provider: "web", name: "main")

    let emulator: WebEmulator
    let ports: WebEmulator.Ports
    let database: SQLiteDatabase
    let inbox: StoringInbox
    let reports: ReportLog
    let network: WhatsAppWebNetwork
    let files: MediaFolder

    /// Links an account, and leaves it unconnected.
    static func linked(
        _ settings: [String: String] = [:], searchPath: String = "", time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        before: @escaping @Sendable (WebRig) async throws -> Void = { _ in },
        _ body: @escaping @Sendable (WebRig) async throws -> Void
    ) async throws {
        try await WebEmulator.serving { emulator, ports in
            let folder = FileManager.default.temporaryDirectory.appending(path: "web-\(UUID().uuidString)")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            defer { try? FileManager.default.removeItem(at: folder) }
            let rig = try await WebRig(emulator, ports, folder, settings, searchPath, time, logger)
            for (number, name) in [(bot, "Bot"), (dana, "Dana"), (omer, "Omer")] {
                try await rig.post("/account", ["number": .string(number), "name": .string(name)])
            }
            try await before(rig)
            try await rig.link()
            try await body(rig)
            try await rig.database.close()
        }
    }

    /// Links an account, and runs it while `body` works.
    static func running(
        _ settings: [String: String] = [:], searchPath: String = "", time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }),
        _ body: @escaping @Sendable (WebRig, WhatsAppWebProvider, RunningProvider) async throws -> Void
    ) async throws {
        try await linked(settings, searchPath: searchPath, time: time, logger: logger) { rig in
            let provider = try #require(try await rig.network.providers().first)
            try await RunningProvider.running(provider) { running in
                guard await eventually({ provider.isConnected }) else { throw Outage("test", "never connected") }
                try await body(rig, provider, running)
            }
        }
    }

    private init(
        _ emulator: WebEmulator, _ ports: WebEmulator.Ports, _ folder: URL, _ settings: [String: String],
        _ searchPath: String, _ time: any TimeSource, _ logger: Logger
    ) async throws {
        self.emulator = emulator
        self.ports = ports
        database = try SQLiteDatabase.temporary()
        let migrations = CoreSchema.migrations + WebTables.migrations + WhatsAppWebChatTables.migrations
        _ = try await Migrator(database, migrations, time: SystemTime()).apply()
        inbox = StoringInbox(database: database)
        reports = ReportLog()
        files = MediaFolder(try ProcessFolder(in: folder.appending(path: "media"), named: "media"))
        let variables = [
            "WHATSAPP_WEB_URL": "ws://127.0.0.1:\(ports.plain)/ws/chat",
            "WHATSAPP_WEB_ROOT": emulator.rootKey.map { String(format: "%02x", $0) }.joined(),
        ]
        network = WhatsAppWebNetwork(
            try WhatsAppWebSettings(variables: variables.merging(settings) { $1 }), database: database, folder: folder,
            inbox: inbox, reports: reports, personalData: Self.personalData, time: time, logger: logger, files: files,
            searchPath: searchPath)
    }

    private func link() async throws {
        let line = try await network.open(account: Self.account)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await line.client.run() }
            for await notice in line.client.notices {
                if case .qr(let text, _) = notice {
                    try await post("/qr/scan", ["qr": .string(text), "account": .string(Self.bot)])
                }
                if case .connection(.online) = notice { break }
            }
            group.cancelAll()
            do { try await group.waitForAll() } catch is CancellationError {}
        }
        line.store.close()
    }

    // MARK: - The emulator's control API

    private var control: WebControlClient { WebControlClient(port: ports.control) }

    @discardableResult func post(_ path: String, _ values: EmulatorJSON) async throws -> EmulatorJSON {
        try await control.post(path, values)
    }

    func get(_ path: String) async throws -> EmulatorJSON { try await control.get(path) }

    /// The lines of the log that contain `match`.
    func log(_ match: String) async throws -> [String] { try await control.log(match) }

    /// A message that a phone has decrypted.
    struct Seen: Sendable {
        let id: BotKit.MessageID
        let chat: JID
        let sender: JID
        let message: WAMessage
    }

    /// What the phone of a number has decrypted, without copies of its own.
    func mail(of number: String) async throws -> [Seen] {
        try await control.inbox(of: number).compactMap { item in
            guard let id = item["id"]?.text, let chat = item["chat"]?.text.flatMap({ JID($0) }),
                let sender = item["sender"]?.text.flatMap({ JID($0) }), let raw = item["raw"]?.text
            else { return nil }
            let message = try WAMessage(serializedBytes: Self.bytes(raw))
            guard !message.hasDeviceSent else { return nil }
            return Seen(id: BotKit.MessageID(rawValue: id), chat: chat, sender: sender, message: message)
        }
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.compactMap(\.hexDigitValue)
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// Sends a text from a phone.
    @discardableResult func say(_ text: String, as number: String = dana, to chat: String = bot) async throws
        -> BotKit.MessageID
    {
        let answer = try await post(
            "/phone/send", ["account": .string(number), "to": .string(chat), "text": .string(text)])
        return BotKit.MessageID(rawValue: try #require(answer["id"]?.text))
    }

    /// Sends a whole message from a phone.
    @discardableResult func send(
        _ message: WAMessage, as number: String = dana, to chat: String = bot, type: String = "text"
    ) async throws -> BotKit.MessageID {
        let data: Data = try message.serializedBytes()
        let answer = try await post(
            "/phone/message",
            [
                "account": .string(number), "to": .string(chat), "message_base64": .string(data.base64EncodedString()),
                "type": .string(type),
            ])
        return BotKit.MessageID(rawValue: try #require(answer["id"]?.text))
    }

    /// The addresses of an account: by number, and hidden.
    func addresses(of number: String) async throws -> (phone: JID, lid: JID) {
        let accounts = try await get("/accounts").items ?? []
        let account = try #require(accounts.first { $0["jid"]?.text?.hasPrefix(number) == true })
        return (
            try #require(account["jid"]?.text.flatMap { JID($0) }),
            try #require(account["lid"]?.text.flatMap { JID($0) })
        )
    }

    /// Waits until a message with these words, or of this kind, is in the inbox.
    func message(_ what: String, where condition: @Sendable (InboundMessage) -> Bool) async throws -> InboundMessage {
        var found: InboundMessage?
        _ = await eventually {
            found = inbox.new.first(where: condition)
            return found != nil
        }
        guard let found else { throw Outage("test", "waited in vain for \(what)") }
        return found
    }
}
