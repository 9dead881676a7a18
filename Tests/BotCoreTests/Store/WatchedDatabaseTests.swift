import BotKit
import Foundation
import Logging
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct WatchedDatabaseTests {
    private let time = ManualTime(.monday)
    private let log = LogBook()
    private let store: FlakyDatabase
    private let watched: WatchedDatabase

    init() async throws {
        store = FlakyDatabase(try SQLiteDatabase.temporary())
        _ = try await Migrator(store, CoreSchema.migrations, time: time).apply()
        try await store.run("INSERT INTO schedule (name, cron, next_at) VALUES ('s', 'x', 0)")
        watched = WatchedDatabase(
            store, pseudonyms: Pseudonyms(key: [UInt8](repeating: 7, count: 32)), time: time, logger: log.logger)
    }

    private func write() async throws { try await watched.run("UPDATE schedule SET cron = 'y'") }
    private var hasEnded: Bool { log.entries.contains { $0.message.contains("again") } }

    @Test(arguments: [DatabaseError.full, .readOnly, .busy, .unreachable("x"), .corrupt])
    func `tells of a trouble once, and of its end`(_ error: DatabaseError) async throws {
        store.fail("SET cron", times: 3, with: error)
        for _ in 1...3 { await #expect(throws: error) { try await write() } }
        #expect(log.alerts == ["storage"])
        #expect(await !watched.isWritable())
        // A small write may find room between large ones that do not.
        try await write()
        #expect(await !watched.isWritable())
        time.advance(by: .seconds(5))
        #expect(await watched.isWritable())
        #expect(hasEnded)
        #expect(log.alerts == ["storage"])
    }

    @Test func `finds out by itself, at every question, whether a trouble lasts`() async throws {
        store.fail("SET cron", with: .full)
        store.fail("SET next_at", times: 2, with: .full)
        await #expect(throws: DatabaseError.full) { try await write() }
        for _ in 1...2 {
            time.advance(by: .seconds(5))
            #expect(await !watched.isWritable())
        }
        time.advance(by: .seconds(5))
        #expect(await watched.isWritable())
        #expect(log.alerts == ["storage"])
    }

    @Test(arguments: [DatabaseError.conflict, .constraint("CHECK"), .unexpected("x")])
    func `takes no fault of ours for one of the disk`(_ error: DatabaseError) async throws {
        store.fail("SET cron", with: error)
        await #expect(throws: error) { try await write() }
        #expect(log.alerts == [])
        #expect(await watched.isWritable())
    }

    @Test func `a query that succeeds does not end it`() async throws {
        store.fail("SET cron", with: .full)
        await #expect(throws: DatabaseError.full) { try await write() }
        time.advance(by: .seconds(60))
        _ = try await watched.rows("SELECT name FROM schedule")
        _ = try await watched.transaction(["UPDATE schedule SET cron = 'z' WHERE name = 'nobody'"])
        #expect(!hasEnded)
        _ = try await watched.transaction(["UPDATE schedule SET cron = 'z'"])
        #expect(hasEnded)
    }
}
