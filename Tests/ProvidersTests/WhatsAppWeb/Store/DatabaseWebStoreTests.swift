import BotKit
import Foundation
import Providers
import StoreSQLite
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@Suite struct DatabaseWebStoreTests {
    private let key = StoreKey(.session, "15550000002.0")

    /// Hands over one message for each commit with events.
    private static let oneMessage: @Sendable ([WebEvent]) async throws -> WebDelivery = { _ in
        WebDelivery(messages: [.sample("hello", id: "m1")])
    }
    private let event = WebEvent.identityChanged(.phoneNumber("15550000002"))

    // MARK: - One transaction

    @Test func `stores ratchets, messages and writes together`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open { events in
            WebDelivery(
                messages: [.sample("hello", id: "m1")], writes: ["INSERT INTO note (id) VALUES (\("\(events.count)"))"])
        }
        try await store.commit([.put(key, [1])], events: [event, event])
        #expect(try await bench.count("note") == 2)
        #expect(try await store.load([key])[key] == [1])
        try await store.commit([.put(key, [2])], events: [])
        #expect(try await bench.count("note") == 2)
    }

    @Test func `an inbox that fails leaves no change`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open(read: Self.oneMessage)
        try await store.commit([.put(key, [1])], events: [event])
        // The same id again is refused by the table.
        await #expect(throws: DatabaseError.self) { try await store.commit([.put(key, [2])], events: [event]) }
        #expect(try await store.load([key])[key] == [1])
    }

    @Test func `a change that fails leaves no message`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open(read: Self.oneMessage)
        let name = String(repeating: "n", count: 201)
        for bad in [name, "a\0b"] {
            await #expect(throws: WebError.self) {
                try await store.commit([.put(key, [1]), .put(StoreKey(.session, bad), [])], events: [event])
            }
        }
        try await WebAccounts(bench.database).remove("main")
        await #expect(throws: DatabaseError.conflict) { try await store.commit([.put(key, [1])], events: [event]) }
        #expect(try await bench.count("note") == 0)
        #expect(try await bench.count("web_entry") == 0)
    }

    @Test func `a reader that fails stores nothing`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open { _ in throw Outage("model", "is not there") }
        await #expect(throws: Outage.self) { try await store.commit([.put(key, [1])], events: [event]) }
        #expect(try await store.load([key]).isEmpty)
    }

    @Test func `hands over news of what was sent`() async throws {
        let bench = try await StoreBench()
        let reports = RecordingReports()
        let report = DeliveryReport(row: 1, message: "m1", event: .reached(.read), at: .monday)
        let store = try await bench.open(reports: reports) { _ in WebDelivery(reports: [report]) }
        try await store.commit([], events: [event])
        #expect(reports.all == [report])
    }

    // MARK: - Secrets

    @Test func `values are not readable in the database, and equal ones differ`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open()
        let secret = Array("a very secret ratchet".utf8)
        try await store.commit([.put(key, secret), .put(StoreKey(.session, "other"), secret)], events: [])
        let values = try await bench.database.rows("SELECT value FROM web_entry").map { try $0.data("value") }
        #expect(Set(values).count == 2)
        for value in values {
            #expect(value.count == secret.count + 29)
            #expect(value.range(of: Data(secret[..<6])) == nil)
        }
    }

    @Test func `a row that was changed, or put in the place of another, is refused`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open()
        let work = try await bench.open("work")
        let other = StoreKey(.session, "b")
        try await store.commit([.put(key, [1]), .put(other, [2]), .put(StoreKey(.alias, "b"), [3])], events: [])
        try await work.commit([.put(other, [4])], events: [])
        let harm: [SQL] = [
            """
            UPDATE web_entry SET value = (SELECT e.value FROM web_entry e WHERE e.account = 'web:main'
                AND e.kind = 'session' AND e.name = \(key.name)) WHERE account = 'web:main' AND name = 'b'
                AND kind = 'session'
            """,
            "UPDATE web_entry SET value = (SELECT e.value FROM web_entry e WHERE e.kind = 'alias') WHERE name = 'b'",
            """
            UPDATE web_entry SET value = (SELECT e.value FROM web_entry e WHERE e.account = 'web:work')
                WHERE account = 'web:main' AND name = 'b' AND kind = 'session'
            """,
            "UPDATE web_entry SET value = \(Data()) WHERE account = 'web:main' AND name = 'b'",
            "UPDATE web_entry SET value = \(Data(repeating: 1, count: 40)) WHERE account = 'web:main' AND name = 'b'",
        ]
        for statement in harm {
            try await store.commit([.put(other, [2])], events: [])
            #expect(try await store.load([other])[other] == [2])
            try await bench.database.run(statement)
            await #expect(throws: WebError.self) { try await store.load([other]) }
            await #expect(throws: WebError.self) { try await store.list(.session, after: nil, limit: 9) }
        }
    }

    // MARK: - Accounts

    @Test func `linking and unlinking are written with the keys`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open()
        let accounts = WebAccounts(bench.database)
        #expect(try await accounts.account(named: "main")?.state == .linking)
        try await accounts.put(WebAccount(name: "main", deviceName: "Martlet"))
        try await store.commit([.put(key, [1])], events: [.unlinked(.banned)])
        let unlinked = try #require(try await accounts.account(named: "main"))
        #expect(unlinked.state == .unlinked && unlinked.reason == .banned && unlinked.deviceName == "Martlet")
        #expect(try await accounts.all().map(\.name) == ["main"])
    }

    @Test func `removing an account erases all its rows and no others`() async throws {
        let bench = try await StoreBench()
        let (store, work) = (try await bench.open(), try await bench.open("work"))
        let all = StoreKind.allCases.map { StoreChange.put(StoreKey($0, "a"), [1]) }
        // Not credentials, which must be real.
        try await store.commit(all, events: [])
        try await work.commit(all, events: [])
        try await WebAccounts(bench.database).remove("main")
        #expect(try await bench.count("web_entry") == Int64(all.count))
        #expect(try await work.load([StoreKey(.session, "a")]).count == 1)
        #expect(try await WebAccounts(bench.database).all().map(\.name) == ["work"])
    }

    @Test func `an account is put and read as it is`() async throws {
        let bench = try await StoreBench()
        let accounts = WebAccounts(bench.database)
        let account = WebAccount(
            name: "work-2", state: .linked, phoneNumber: "15550000001:3@s.whatsapp.net", lid: "1:3@lid",
            deviceName: "Martlet", platform: "android", linkedAt: .monday)
        try await accounts.put(account)
        try await accounts.put(WebAccount(name: "a"))
        #expect(try await accounts.all() == [WebAccount(name: "a"), account])
        #expect(try await accounts.account(named: "none") == nil)
        #expect(account.id == "web:work-2")
    }

    @Test(arguments: ["", "Main", "a b", "ä", "a/b", String(repeating: "a", count: 33)])
    func `a name that is no slug is refused`(name: String) async throws {
        let bench = try await StoreBench()
        await #expect(throws: Misconfiguration.self) { try await WebAccounts(bench.database).put(.init(name: name)) }
        await #expect(throws: Misconfiguration.self) { try await bench.open(name) }
    }

    @Test func `an account that is in use is refused until it is given up`() async throws {
        let bench = try await StoreBench()
        let store = try await bench.open()
        await #expect(throws: Misconfiguration.self) { try await bench.open() }
        store.close()
        let next = try await bench.open()
        try await next.commit([.put(key, [1])], events: [])
        await #expect(throws: (any Error).self) { try await store.commit([.put(key, [2])], events: []) }
    }
}
