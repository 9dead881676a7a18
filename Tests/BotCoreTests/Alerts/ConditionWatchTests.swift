import BotKit
import Foundation
import ServiceLifecycle
import StoreSQLite
import Synchronization
import TestKit
import Testing

@testable import BotCore

/// What nobody reports and is found out by looking.
@Suite(.timeLimit(.minutes(1))) struct ConditionWatchTests {
    /// A network that can be cut off.
    private final class Wire: MessageProvider {
        let account: AccountID = "wire:one"
        let abilities = Abilities(textLimit: 100)
        private let connected = Mutex(true)
        var isConnected: Bool { connected.withLock { $0 } }
        func set(_ value: Bool) { connected.withLock { $0 = value } }
        func run() async throws {}
        func send(_ message: OutgoingMessage) async throws -> MessageID { "x" }
        func acknowledge(_ message: InboundMessage, typing: Bool) async {}
        func load(_ media: Media, maxBytes: Int) async throws -> Data { Data() }
    }

    private final class Facts: Sendable {
        let free = Mutex<Double?>(50)
    }

    private struct Rig {
        let time = ManualTime(.monday)
        let log = LogBook()
        let wire = Wire()
        let facts = Facts()
        let mailbox: AlertMailbox
        let outage: ModelOutage
        let watch: ConditionWatch
        let database: any Database

        init(_ settings: [String: String] = [:]) async throws {
            let database = try SQLiteDatabase.temporary()
            _ = try await Migrator(database, CoreSchema.migrations, time: time).apply()
            self.database = database
            let directory = ProviderDirectory()
            directory.add(wire)
            let alertSettings = try BotUnderTest.settings(settings).alerts
            mailbox = AlertMailbox(time: time)
            let alerts = OperatorAlerts(pseudonyms: nil, logger: log.logger, mailbox: mailbox)
            outage = ModelOutage(alerts: alerts, limit: alertSettings.modelFailures)
            let facts = facts
            watch = ConditionWatch(
                directory: directory, alerts: alerts, settings: alertSettings,
                cost: alertSettings.costThreshold.map {
                    CostWatch(store: AlertStore(database: database), alerts: alerts, threshold: $0)
                },
                world: .init(freePercent: { facts.free.withLock { $0 } }),
                time: time, logger: log.logger)
        }

        func spend(_ dollars: Double, at date: Date) async throws {
            try await database.run(
                """
                INSERT INTO usage_record (id, member, chat, operation, model, host, input_tokens, cached_tokens,
                    output_tokens, reasoning_tokens, is_estimate, cost_nano_usd, created_at)
                VALUES (\(Int64.random(in: 1...Int64.max)), 'm', 'c', 'chat', 'x', 'h', 1, 0, 1, 0, 0,
                    \(Int64((dollars * 1e9).rounded())), \(date))
                """)
        }
    }

    @Test func `an account out of reach is told of after its time, once, and when it is back`() async throws {
        let rig = try await Rig()
        var memory = ConditionWatch.Memory()
        await rig.watch.look(&memory)
        // It may have been told of before the start.
        #expect(rig.mailbox.take().filter { $0.kind == "provider_down" }.map(\.isEnd) == [true])
        rig.wire.set(false)
        await rig.watch.look(&memory)
        rig.time.advance(by: .seconds(119))
        await rig.watch.look(&memory)
        #expect(rig.log.alerts.isEmpty)
        rig.time.advance(by: .seconds(1))
        for _ in 0..<3 { await rig.watch.look(&memory) }
        #expect(rig.log.alerts == ["provider_down"])
        let news = rig.mailbox.take()
        #expect(news.map(\.subject) == ["wire:one"] && news[0].values == ["network": "wire", "minutes": "2"])
        rig.wire.set(true)
        await rig.watch.look(&memory)
        #expect(rig.mailbox.take().map(\.isEnd) == [true])
        // A short while is nothing.
        rig.wire.set(false)
        await rig.watch.look(&memory)
        rig.time.advance(by: .seconds(60))
        rig.wire.set(true)
        await rig.watch.look(&memory)
        rig.time.advance(by: .seconds(600))
        await rig.watch.look(&memory)
        #expect(rig.mailbox.take().isEmpty)
    }

    @Test func `an account that is out of reach from the start is told of`() async throws {
        let rig = try await Rig(["ALERT_PROVIDER_DOWN_SECONDS": "30"])
        rig.wire.set(false)
        var memory = ConditionWatch.Memory()
        await rig.watch.look(&memory)
        rig.time.advance(by: .seconds(30))
        await rig.watch.look(&memory)
        #expect(rig.log.alerts == ["provider_down"])
        let off = try await Rig(["ALERT_PROVIDER_DOWN_SECONDS": "0"])
        off.wire.set(false)
        var other = ConditionWatch.Memory()
        await off.watch.look(&other)
        off.time.advance(by: .seconds(86_400))
        await off.watch.look(&other)
        #expect(off.log.alerts.isEmpty)
    }

    @Test func `little space is told of, and enough of it a little later`() async throws {
        let rig = try await Rig()
        var memory = ConditionWatch.Memory()
        var ends: [Int] = []
        for (index, free) in [5.0, 4.9, 4.1, 5.2, 4.8, 6.0, 5.5].enumerated() {
            rig.facts.free.withLock { $0 = free }
            await rig.watch.look(&memory)
            if rig.mailbox.take().contains(where: { $0.kind == "disk_low" && $0.isEnd }) { ends.append(index) }
        }
        #expect(rig.log.alerts == ["disk_low"] && ends == [0, 5])
        rig.facts.free.withLock { $0 = nil }
        await rig.watch.look(&memory)
        #expect(rig.log.alerts == ["disk_low"])
    }

    @Test func `a model that answers nobody is told of, and the next answer is the end of it`() async throws {
        let rig = try await Rig()
        rig.outage.answered()
        rig.outage.failed()
        rig.outage.failed()
        rig.outage.answered()
        for _ in 0..<5 { rig.outage.failed() }
        #expect(rig.log.alerts == ["model_down"])
        _ = rig.mailbox.take()
        rig.outage.failed()
        #expect(rig.mailbox.take().isEmpty)
        rig.outage.answered()
        #expect(rig.mailbox.take().filter { $0.kind == "model_down" }.map(\.isEnd) == [true])
        #expect(!rig.outage.isDown)
    }

    @Test func `costs are told at 80 and at 100 percent, once in a month, restarts or not`() async throws {
        let rig = try await Rig(["COST_ALERT_THRESHOLD_USD": "10"])
        func look() async {
            var memory = ConditionWatch.Memory()
            await rig.watch.look(&memory)
        }
        try await rig.spend(100, at: .monday.addingTimeInterval(-40 * 86_400))
        try await rig.spend(7.99, at: .monday)
        await look()
        #expect(rig.log.alerts.isEmpty)
        try await rig.spend(0.52, at: .monday)
        for _ in 0..<3 { await look() }
        #expect(rig.log.alerts == ["cost_warning"])
        #expect(
            rig.mailbox.take().first { $0.kind == "cost_warning" }?.values == ["amount": "8.51", "threshold": "10"])
        try await rig.spend(5, at: .monday)
        for _ in 0..<3 { await look() }
        #expect(rig.log.alerts == ["cost_warning", "cost_threshold"])
        rig.time.advance(by: .seconds(32 * 86_400))
        await look()
        #expect(rig.log.alerts.count == 2)
        try await rig.spend(50, at: rig.time.now)
        await look()
        // What jumps past both is told once.
        #expect(rig.log.alerts == ["cost_warning", "cost_threshold", "cost_threshold"])
        for settings in [["COST_ALERT_ENABLED": "false"], ["COST_ALERT_THRESHOLD_USD": "0"]] {
            let off = try await Rig(settings)
            #expect(off.watch.cost == nil)
        }
    }
}
