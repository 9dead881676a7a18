import AsyncHTTPClient
import BotCore
import BotKit
import Configuration
import Foundation
import Logging
import StoreSQLite
import Synchronization
import Testing
import TestKit
import WhatsAppCloud

@testable import Providers

extension WhatsAppCloudSettings {
    /// The settings that these environment variables make.
    init(variables: [String: String]) throws {
        var values: [AbsoluteConfigKey: ConfigValue] = [:]
        for (name, value) in variables {
            values[AbsoluteConfigKey([name.lowercased()], context: [:])] = ConfigValue(.string(value), isSecret: false)
        }
        try self.init(ConfigReader(provider: InMemoryProvider(values: values)))
    }

    static let needed = [
        "CLOUD_PHONE_NUMBER_ID": Payload.number, "CLOUD_ACCESS_TOKEN": "EAAtest", "CLOUD_APP_SECRET": "app-secret",
        "CLOUD_VERIFY_TOKEN": "verify-token",
    ]
}

/// Stores messages as the bot's inbox does, and notes which were new.
final class StoringInbox: Inbox {
    private struct State {
        var new: [InboundMessage] = []
        var opened: [ChatID] = []
        var failure: (any Error)?
        var calls = 0
        var failsEvery = 0
        var refusals = 0
        var first: SQL?
    }
    private let database: any Database
    private let ids = RowIDs()
    private let state = Mutex(State())

    init(database: any Database) { self.database = database }

    var new: [InboundMessage] { state.withLock { $0.new } }
    /// The chats whose members got in touch without a message.
    var opened: [ChatID] { state.withLock { $0.opened } }
    /// Refuses everything with `failure` until it is `nil`.
    func fail(with failure: (any Error)?) { state.withLock { $0.failure = failure } }

    /// Runs `statement` just before the next call stores anything, as another delivery may.
    func storeFirst(_ statement: SQL) { state.withLock { $0.first = statement } }

    /// Refuses the next `count` calls.
    func refuse(_ count: Int) { state.withLock { $0.refusals = count } }

    /// Refuses each call whose number is a multiple of `number`; 0 refuses none.
    func fail(every number: Int) { state.withLock { $0.failsEvery = number } }

    func receive(_ messages: [InboundMessage], writes: [SQL], visited chats: [ChatID]) async throws {
        try await receive(messages, writes: writes)
        state.withLock { $0.opened += chats }
    }

    func receive(_ messages: [InboundMessage], writes: [SQL]) async throws {
        let failure = state.withLock { state -> (any Error)? in
            state.calls += 1
            let isDue = state.failsEvery > 0 && state.calls.isMultiple(of: state.failsEvery)
            if state.refusals > 0 {
                state.refusals -= 1
                return DatabaseError.busy
            }
            return isDue ? DatabaseError.busy : state.failure
        }
        if let failure { throw failure }
        let first = state.withLock { state in
            defer { state.first = nil }
            return state.first
        }
        if let first { try await database.run(first) }
        let inserts = try inserts(of: messages, as: "received")
        let changes = try await database.transaction(inserts + writes)
        let new = zip(messages, changes).filter { $0.1 > 0 }.map(\.0)
        state.withLock { $0.new += new }
    }

    private func inserts(of messages: [InboundMessage], as state: String) throws -> [SQL] {
        try messages.map { message in
            let payload = String(decoding: try JSONEncoder().encode(message), as: UTF8.self)
            return """
                INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
                VALUES (\(ids.next(at: message.receivedAt)), \(message.chat), \(message.sender.id), \(message.id),
                    \(payload), \(state), \(message.receivedAt))
                ON CONFLICT (chat, message_id, member) DO NOTHING
                """
        }
    }

    func keeping(_ messages: [InboundMessage]) throws -> [SQL] { try inserts(of: messages, as: "stored") }

    func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage? {
        new.first { $0.id == id && $0.chat == chat }
    }
}

/// Notes the news of what was sent.
final class ReportLog: DeliveryReports {
    private struct State {
        var reports: [DeliveryReport] = []
        var failures = 0
        var strangers: Set<MessageID> = []
    }
    private let state = Mutex(State())

    var all: [DeliveryReport] { state.withLock { $0.reports } }
    /// Refuses the next `count` reports.
    func fail(_ count: Int) { state.withLock { $0.failures = count } }

    func report(_ report: DeliveryReport) async throws {
        let isRefused = state.withLock { state in
            guard state.failures == 0 else {
                state.failures -= 1
                return true
            }
            state.reports.append(report)
            return false
        }
        if isRefused { throw DatabaseError.busy }
    }

    /// From now on `message` is one that another program sent.
    func disown(_ message: MessageID) { state.withLock { _ = $0.strangers.insert(message) } }

    func knows(_ message: MessageID, row: Int64?) async throws -> Bool {
        state.withLock { !$0.strangers.contains(message) }
    }
}

/// The network over a real store and a real HTTP peer; only the clock stands still.
struct CloudRig: Sendable {
    static let start = Date(timeIntervalSince1970: 1_760_000_000)
    static let personalData = CoreSchema.personalData + WhatsAppCloudTables.personalData

    let database: SQLiteDatabase
    let inbox: StoringInbox
    let reports: ReportLog
    let graph: GraphStub
    private(set) var network: WhatsAppCloudNetwork
    let time: ManualTime
    let log = LogBook()
    private let signature: WebhookSignature
    private let variables: [String: String]
    private let http: HTTPClient

    var provider: WhatsAppCloudProvider { network.providers[0] }

    /// Runs `test` while the providers run.
    static func running(
        _ settings: [String: String] = [:], runsProviders: Bool = true, searchPath: String = "",
        _ test: @escaping @Sendable (CloudRig) async throws -> Void
    ) async throws {
        try await GraphStub.running { graph in
            let http = HTTPClient(
                eventLoopGroupProvider: .singleton, configuration: WhatsAppCloudNetwork.httpClientConfiguration)
            do {
                let rig = try await CloudRig(graph, http, settings, searchPath)
                try await withThrowingTaskGroup(of: Void.self) { group in
                    if runsProviders {
                        for provider in rig.network.providers { group.addTask { try await provider.run() } }
                    }
                    try await test(rig)
                    group.cancelAll()
                }
                try await rig.database.close()
            } catch {
                try await http.shutdown()
                throw error
            }
            try await http.shutdown()
        }
    }

    private init(
        _ graph: GraphStub, _ http: HTTPClient, _ settings: [String: String], _ searchPath: String
    ) async throws {
        self.graph = graph
        time = ManualTime(Self.start)
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations + WhatsAppCloudTables.migrations, time: time).apply()
        inbox = StoringInbox(database: database)
        reports = ReportLog()
        signature = try WebhookSignature(secrets: ["app-secret"])
        variables = WhatsAppCloudSettings.needed.merging(["CLOUD_BASE_URL": graph.origin]) { $1 }
            .merging(settings) { $1 }
        self.http = http
        network = try WhatsAppCloudNetwork(
            WhatsAppCloudSettings(variables: variables), database: database, inbox: inbox, reports: reports,
            personalData: Self.personalData, http: http, time: time, logger: log.logger, searchPath: searchPath)
    }

    /// Runs `test` over the same store as after a restart of the process.
    func restarted(_ test: @escaping @Sendable (CloudRig) async throws -> Void) async throws {
        var rig = self
        rig.network = try WhatsAppCloudNetwork(
            WhatsAppCloudSettings(variables: variables), database: database, inbox: inbox, reports: reports,
            personalData: Self.personalData, http: http, time: time, logger: log.logger, searchPath: "")
        let again = rig
        try await withThrowingTaskGroup(of: Void.self) { group in
            for provider in again.network.providers { group.addTask { try await provider.run() } }
            try await test(again)
            group.cancelAll()
        }
    }

    /// Posts what happened to a business account, and waits until it was handled.
    func happened(_ value: String, to business: String = Payload.business) async throws {
        try await deliver(Payload.account("account_update", value, business: business))
        try await wait { try await count("cloud_update WHERE state = 'new'") == 0 }
    }

    /// Posts a signed body.
    @discardableResult func deliver(_ body: String, secret: String? = nil) async throws -> WebhookResponse {
        let bytes = Array(body.utf8)
        let signer = try secret.map { try WebhookSignature(secrets: [$0]) } ?? signature
        return await post(bytes, signature: signer.header(for: bytes))
    }

    func post(_ bytes: [UInt8], signature: String?) async -> WebhookResponse {
        await network.webhook.deliver(WebhookDelivery(body: bytes) { $0 == "X-Hub-Signature-256" ? signature : nil })
    }

    /// Has a member write, so that the window is open; gives the chat.
    func open(_ person: Payload.Person = .dana, id: String = "wamid.OPEN") async throws -> ChatID {
        let text = Payload.text("hi", from: person, id: id, at: time.now)
        try await deliver(Payload.messages(text, from: person))
        return try #require(inbox.new.last).chat
    }

    func send(_ content: RenderedReply.Content, to chat: ChatID, quoting: MessageID? = nil, row: Int64 = 7) async throws
        -> MessageID
    {
        try await provider.send(
            BotKit.OutgoingMessage(
                row: row, chat: chat, messageID: nil, reply: RenderedReply(content: content, quotes: quoting),
                attempt: 0))
    }

    /// The failure of a send that must fail.
    func failure(_ content: RenderedReply.Content = .text("x"), to chat: ChatID) async throws -> SendFailure {
        do { _ = try await send(content, to: chat) } catch let failure as SendFailure { return failure }
        throw Outage("test", "the send did not fail")
    }

    /// Waits until `condition` holds, no longer than patience lasts.
    func wait(_ condition: () async throws -> Bool) async throws {
        guard try await eventually(condition) else { throw Outage("test", "waited in vain") }
    }

    func count(_ table: SQL) async throws -> Int64 {
        try await database.rows("SELECT COUNT(*) AS n FROM \(table)")[0].int("n")
    }
}
