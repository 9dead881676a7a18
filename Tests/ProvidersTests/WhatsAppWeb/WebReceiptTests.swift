import BotKit
import Foundation
import Logging
import StoreSQLite
import Synchronization
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import Providers

/// News of what was sent, which devices tell again and again.
@Suite struct WebReceiptTests {
    private static func receipt(_ kind: MessageReceipt.Kind, _ ids: String...) -> WebEvent {
        .receipt(
            MessageReceipt(
                kind: kind, messageIDs: ids, chat: .phoneNumber("15550000002"), sender: .phoneNumber("15550000002"),
                isFromMe: false, at: .monday))
    }

    private static func store(_ bench: StoreBench, reports: any DeliveryReports) async throws -> DatabaseWebStore {
        let account = AccountID(provider: "web", name: "main")
        let reader = WebReader(
            account: account, database: bench.database,
            users: WebUserDirectory(database: bench.database, personalData: [], accounts: [account]),
            chats: WebChatBook(database: bench.database), recent: RecentMessages(), time: ManualTime(.monday),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }, metrics: WebMetrics())
        return try await bench.open(reports: reports) { try await reader.read($0) }
    }

    @Test func `news is told once, and again only when it is more`() async throws {
        let reports = RecordingReports()
        let store = try await Self.store(try await StoreBench(), reports: reports)
        let events = [Self.receipt(.delivered, "m1"), Self.receipt(.delivered, "m1", "m2")]
        for _ in 1...2 { try await store.commit([], events: events) }
        try await store.commit([], events: [Self.receipt(.read, "m1"), Self.receipt(.delivered, "m1")])
        #expect(reports.all.map(\.message) == ["m1", "m2", "m1"])
        #expect(reports.all.map(\.event) == [.reached(.delivered), .reached(.delivered), .reached(.read)])
    }

    @Test func `news of a commit that failed is news when it comes again`() async throws {
        let reports = RecordingReports()
        let store = try await Self.store(try await StoreBench(), reports: reports)
        let bad = StoreChange.put(StoreKey(.session, String(repeating: "n", count: 201)), [])
        await #expect(throws: WebError.self) { try await store.commit([bad], events: [Self.receipt(.read, "m1")]) }
        #expect(reports.all.isEmpty)
        try await store.commit([], events: [Self.receipt(.read, "m1")])
        #expect(reports.all.map(\.message) == ["m1"])
    }

    @Test func `news that could not be handed over is news when it comes again`() async throws {
        let reports = FailingReports()
        let store = try await Self.store(try await StoreBench(), reports: reports)
        let event = Self.receipt(.read, "m1", "m2")
        await #expect(throws: Outage.self) { try await store.commit([], events: [event]) }
        try await store.commit([], events: [event])
        #expect(reports.taken == ["m1", "m2"])
    }
}

/// Takes the first report, fails at the second, and takes all others.
private final class FailingReports: DeliveryReports {
    private let state = Mutex<(calls: Int, taken: [BotKit.MessageID])>((0, []))
    var taken: [BotKit.MessageID] { state.withLock { $0.taken } }

    func report(_ report: DeliveryReport) async throws {
        let fails = state.withLock { state in
            state.calls += 1
            if state.calls != 2 { state.taken.append(report.message) }
            return state.calls == 2
        }
        if fails { throw Outage("test", "the outbox is not there") }
    }
}
