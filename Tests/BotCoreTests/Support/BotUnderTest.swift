import BotKit
import Configuration
import Crypto
import Foundation
import Logging
import ServiceLifecycle
import StoreSQLite
import TestKit

@testable import BotCore

/// The whole of BotCore over a real store and a recorded network, on a clock that the test moves.
struct BotUnderTest {
    let core: BotCore
    let database: FlakyDatabase
    let provider: RecordingProvider
    let directory: ProviderDirectory
    let time: ManualTime
    let ids: RowIDs
    /// The jobs that run.
    let underWay = RunningJobs()
    let log = LogBook()
    /// How owners hear of alerts; `nil` unless a test asks for it.
    let alarm: Alarming?

    /// What a test may choose; without wishes nothing settles and nobody is slow.
    struct Options {
        var responders: [any Responder] = [Answerer.echo]
        var guards: [any Guard] = []
        var watchers: [any Watcher] = []
        var jobs: [any JobHandler] = []
        var schedules: [Schedule] = []
        var abilities = Abilities(textLimit: 4_096)
        var settings: [String: String] = [:]
        var role = JobRole.bot
        /// Whether owners hear of alerts.
        var isAlarmed = false
        var poster: (any WebhookPoster)?
        var world: ConditionWatch.World?
    }

    /// - Parameter database: a store with its schema; by default a new one.
    init(
        over database: (any Database)? = nil, at start: Date = .monday, _ change: (inout Options) -> Void = { _ in }
    ) async throws {
        var options = Options()
        change(&options)
        time = ManualTime(start)
        ids = RowIDs()
        self.database = FlakyDatabase(try database ?? SQLiteDatabase.temporary())
        directory = ProviderDirectory(settings: ["gone": "GONE_ACCOUNT"])
        provider = RecordingProvider(abilities: options.abilities, time: time)
        directory.add(provider)
        _ = try await Migrator(self.database, CoreSchema.migrations, time: time).apply()
        ids.skip(past: try await BotCore.lastRow(in: self.database))
        let settings = try Self.settings(options.settings)
        alarm =
            options.isAlarmed
            ? Alarming(
                mailbox: AlertMailbox(time: time), settings: settings.alerts, poster: options.poster,
                world: options.world, logger: log.logger) : nil
        core = BotCore(
            features: [
                TestFeature(
                    responders: options.responders, guards: options.guards, watchers: options.watchers,
                    jobs: options.jobs, schedules: options.schedules)
            ],
            personalData: CoreSchema.personalData, directory: directory, database: self.database,
            settings: settings,
            auditKey: AuditKey(.init(), seals: URL(filePath: "/dev/null")), phrasebook: Phrasebook(), ids: ids,
            pseudonyms: Pseudonyms(key: [UInt8](repeating: 7, count: 32)),
            instance: options.role.isWorker ? "worker" : "test", time: time,
            logger: log.logger, role: options.role, underWay: underWay, alarm: alarm)
    }

    static func settings(_ values: [String: String] = [:]) throws -> BotCore.Settings {
        let quiet = ["SETTLE_MILLISECONDS": "0", "STILL_WORKING_SECONDS": "0"].merging(withoutLimits) { $1 }
        let config = ConfigReader(
            provider: EnvironmentVariablesProvider(environmentVariables: quiet.merging(values) { $1 }))
        return BotCore.Settings(
            pipeline: try PipelineSettings(config), outbox: try OutboxSettings(config), jobs: try JobSettings(config),
            queue: try QueueSettings(config), access: try AccessSettings(config), audit: try AuditSettings(config),
            privacy: try PrivacySettings(config), limits: try LimitSettings(config),
            alerts: try AlertSettings(config))
    }

    /// Tests send as fast as they can; those of the limits switch on the ones that they are about.
    static let withoutLimits = [
        "RATE_LIMIT_PER_USER": "0", "RATE_LIMIT_GLOBAL": "0", "FLOOD_LIMIT": "0", "SEND_LIMIT_PER_CHAT": "0",
        "SEND_WAITING_PER_CHAT": "0",
        "SEND_LIMIT_PER_ACCOUNT": "0", "SEND_LIMIT_STRANGERS": "0", "SEND_SLOWDOWN_MILLISECONDS": "0",
        "BLOCK_ALERT_PERCENT": "0",
    ]

    /// Runs the bot while `body` does, then stops it as a signal would.
    func run<Result: Sendable>(_ body: () async throws -> Result) async throws -> Result {
        var configuration = ServiceGroupConfiguration(
            services: core.alertServices + [core.outbox, core.jobs, core.lanes],
            logger: Logger(label: "services") { _ in SwiftLogNoOpLogHandler() })
        configuration.maximumGracefulShutdownDuration = .seconds(20)
        let services = ServiceGroup(configuration: configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                let result = try await body()
                await services.triggerGracefulShutdown()
                try await group.waitForAll()
                return result
            } catch {
                group.cancelAll()
                throw error
            }
        }
    }

    /// Runs the bot while `body` does, then ends it at once, as a kill would: nothing is finished.
    func runAndKill(_ body: () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for service in [core.outbox, core.jobs, core.lanes] as [any Service] {
                group.addTask { try? await service.run() }
            }
            try await body()
            group.cancelAll()
        }
    }

    func receive(_ messages: InboundMessage...) async throws {
        try await core.inbox.receive(messages, writes: [])
    }

    /// Stores a reply and hands it over, as a turn does.
    @discardableResult
    func send(_ texts: String..., to chat: ChatID = .sample(), language: Language = .english) async throws -> [Int64] {
        let desk = DeliveryDesk(
            database: database, outbox: core.outbox, directory: directory, phrasebook: Phrasebook(),
            splitter: ReplySplitter(maxMessages: 3), menuLifetime: .seconds(600), ids: ids, time: time)
        let parcel = try desk.parcel(texts.map { .verbatim($0) }, to: chat, in: language, quoting: nil, key: nil)
        try await database.transaction(parcel.statements)
        await desk.send(parcel)
        return parcel.items.map(\.row)
    }

    /// Waits until the network took `texts`, in any order of chats.
    func sent(_ texts: String...) async -> Bool { await eventually { provider.texts == texts } }

    /// Waits until nothing is left to do at this time.
    func isQuiet() async -> Bool {
        await eventually { await core.isIdle(at: time.now, before: time.now) }
    }

    /// The states of all messages that came in, oldest first.
    func inboxStates() async throws -> [String] {
        try await database.rows("SELECT state FROM inbox ORDER BY id").map { try $0.text("state") }
    }

    /// The states of all replies, oldest first.
    func outboxStates() async throws -> [String] {
        try await database.rows("SELECT state FROM outbox ORDER BY id").map { try $0.text("state") }
    }

    func count(_ query: SQL) async throws -> Int { Int(try await database.rows(query)[0].int("n")) }

    /// Moves the clock step by step, so that what becomes due is done before the next step.
    func pass(_ span: Duration, in steps: Int = 1) async {
        for _ in 0..<steps {
            time.advance(by: span / steps)
            _ = await isQuiet()
        }
    }
}
