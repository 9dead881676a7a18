import BotKit
import Foundation
import Providers
import StoreSQLite
import TestKit
import Testing
import WhatsAppWeb

/// A database that is older than what was sent with it.
@Suite struct OldDatabaseTests {
    private let session = StoreKey(.session, "15550000002.0")
    private let group = StoreKey(.senderKey, "1@g.us::15550000002.0")
    private let device = StoreKey(.alias, "15550000002")

    /// A bench with credentials, a session and a group key.
    private func used() async throws -> (StoreBench, DatabaseWebStore) {
        let bench = try await StoreBench()
        let store = try await bench.open()
        try await store.commit([.put(.credentials, try await StoreBench.credentials())], events: [])
        try await store.commit([.put(session, [1]), .put(group, [1]), .put(device, [1])], events: [])
        return (bench, store)
    }

    private func expectRatchets(_ isKept: Bool, in store: DatabaseWebStore) async throws {
        let found = try await store.load([session, group, device, .credentials])
        #expect(found.count == (isKept ? 4 : 2))
        #expect(found[device] == [1])
    }

    @Test func `goes on where it was after an ordinary end`() async throws {
        let (bench, store) = try await used()
        for value in 2...20 { try await store.commit([.put(session, [UInt8(value)])], events: []) }
        store.close()
        let next = try await bench.open()
        #expect(try await next.load([session])[session] == [20])
        #expect(bench.alerts.isEmpty)
    }

    @Test func `a restored backup loses its ratchets, once, with an alert`() async throws {
        let (bench, store) = try await used()
        let backup = bench.folder.appending(path: "backup.sqlite")
        try await bench.database.backup(to: backup.path)
        try await store.commit([.put(session, [2])], events: [])
        store.close()
        try await bench.database.close()

        let restored = try await StoreBench(folder: bench.folder, file: "backup.sqlite")
        let renewed = try await restored.open()
        try await expectRatchets(false, in: renewed)
        #expect(restored.alerts.count == 1)
        try await renewed.commit([.put(session, [7]), .put(group, [7])], events: [])
        renewed.close()
        try await expectRatchets(true, in: try await restored.open())
        #expect(restored.alerts.count == 1)
    }

    @Test func `a backup after which no ratchet moved is as good as the original`() async throws {
        let (bench, store) = try await used()
        let backup = bench.folder.appending(path: "backup.sqlite")
        try await bench.database.backup(to: backup.path)
        try await store.commit([.put(StoreKey(.alias, "a"), [2])], events: [])
        store.close()
        try await bench.database.close()
        let restored = try await StoreBench(folder: bench.folder, file: "backup.sqlite")
        try await expectRatchets(true, in: try await restored.open())
        #expect(restored.alerts.isEmpty)
    }

    @Test(arguments: ["", "garbage", "000000000000000000x\n", "0000000000000000001"])
    func `a witness that is damaged counts as missing`(content: String) async throws {
        let (bench, store) = try await used()
        store.close()
        try Data(content.utf8).write(to: bench.witness)
        try await expectRatchets(false, in: try await bench.open())
        #expect(bench.alerts.count == 1)
    }

    @Test func `a witness that is missing means a database from elsewhere`() async throws {
        let (bench, store) = try await used()
        store.close()
        try FileManager.default.removeItem(at: bench.witness)
        try await expectRatchets(false, in: try await bench.open())
    }

    @Test func `a witness that says less, as after a loss of power, is no alarm`() async throws {
        let (bench, store) = try await used()
        let before = try Data(contentsOf: bench.witness)
        try await store.commit([.put(session, [2])], events: [])
        store.close()
        try before.write(to: bench.witness)
        try await expectRatchets(true, in: try await bench.open())
        #expect(bench.alerts.isEmpty)
    }

    @Test func `a backup of an earlier linking is old, too`() async throws {
        let (bench, store) = try await used()
        for _ in 0..<50 { try await store.commit([.put(session, [1])], events: []) }
        let backup = bench.folder.appending(path: "backup.sqlite")
        try await bench.database.backup(to: backup.path)
        store.close()
        try await WebAccounts(bench.database).remove("main")
        let second = try await bench.open()
        try await second.commit([.put(.credentials, try await StoreBench.credentials())], events: [])
        second.close()
        #expect(bench.alerts.isEmpty)
        try await bench.database.close()
        let restored = try await StoreBench(folder: bench.folder, file: "backup.sqlite")
        try await expectRatchets(false, in: try await restored.open())
    }

    @Test func `commits at the same time, failed ones among them, are counted exactly`() async throws {
        let bench = try await StoreBench()
        // The second message of this id is refused, and its commit with it.
        let store = try await bench.open { _ in WebDelivery(messages: [.sample("hello", id: "m1")]) }
        await withTaskGroup(of: Void.self) { group in
            for index in 0..<200 {
                group.addTask {
                    let events = index.isMultiple(of: 7) ? [WebEvent.unlinked(.removed)] : []
                    try? await store.commit([.put(StoreKey(.session, "s\(index)"), [1])], events: events)
                }
            }
        }
        #expect(try await bench.count("note") == 1)
        #expect(try await bench.count("web_entry") == 172)
        try await store.commit([.put(session, [2])], events: [])
        let number = try await bench.database.rows("SELECT ratchet_commits AS n FROM web_account")[0].int("n")
        let seen = try String(contentsOf: bench.witness, encoding: .utf8).trimmingCharacters(in: .newlines)
        #expect(Int64(seen) == number)
    }
}
