import BotCore
import BotKit
import Foundation
import StoreSQLite
import Testing

@Suite struct MigratorTests {
    let database: SQLiteDatabase
    let time = ManualTime(Date(milliseconds: 1_767_225_600_000))
    let first = Migration("chat.0001", ["CREATE TABLE chat (id TEXT PRIMARY KEY, limit_value BIGINT)"])
    let second = Migration(
        "chat.0002", ["ALTER TABLE chat ADD COLUMN name TEXT", "INSERT INTO chat (id) VALUES ('a')"])

    init() throws { database = try SQLiteDatabase.temporary() }

    private func migrator(_ migrations: Migration...) -> Migrator { Migrator(database, migrations, time: time) }

    @Test func `applies what is missing, in order, once`() async throws {
        #expect(try await migrator(first).apply() == ["chat.0001"])
        #expect(try await migrator(first, second).pending().map(\.id) == ["chat.0002"])
        #expect(try await migrator(first, second).apply() == ["chat.0002"])
        #expect(try await migrator(first, second).apply() == [])
        let rows = try await database.rows("SELECT id, applied_at FROM migration ORDER BY id")
        #expect(try rows.map { try $0.text("id") } == ["chat.0001", "chat.0002"])
        #expect(try rows.map { try $0.date("applied_at") } == [time.now, time.now])
    }

    @Test func `changes nothing when asked what is pending`() async throws {
        #expect(try await migrator(first, second).pending().map(\.id) == ["chat.0001", "chat.0002"])
        #expect(try await database.rows("SELECT name FROM sqlite_schema").isEmpty)
    }

    @Test func `refuses a store that a newer program wrote`() async throws {
        _ = try await migrator(first, second).apply()
        let error = await #expect(throws: Misconfiguration.self) { try await migrator(first).apply() }
        #expect(error?.key == "database")
        #expect(error?.problem.contains("newer Martlet") == true)
        #expect(error?.problem.contains("chat.0002") == true)
    }

    @Test func `refuses a migration that was changed after it was applied`() async throws {
        _ = try await migrator(first).apply()
        let changed = Migration("chat.0001", ["CREATE TABLE chat (id TEXT PRIMARY KEY)"])
        let error = await #expect(throws: Misconfiguration.self) { try await migrator(changed).apply() }
        #expect(error?.problem.contains("chat.0001") == true)
    }

    @Test func `a changed value is a changed migration`() async throws {
        func seed(_ value: Int, _ next: Int) -> Migration {
            Migration(
                "seed.0001", ["CREATE TABLE seed (n BIGINT, m BIGINT)", "INSERT INTO seed VALUES (\(value), \(next))"])
        }
        _ = try await migrator(seed(1, 23)).apply()
        #expect(try await migrator(seed(1, 23)).pending().isEmpty)
        await #expect(throws: Misconfiguration.self) { try await migrator(seed(12, 3)).pending() }
    }

    @Test func `leaves nothing of a migration that fails, and keeps those before it`() async throws {
        let wrong = Migration("chat.0002", ["CREATE TABLE half (id BIGINT)", "INSERT INTO nowhere VALUES (1)"])
        await #expect(throws: DatabaseError.self) { try await migrator(first, wrong).apply() }
        #expect(try await migrator(first, second).pending().map(\.id) == ["chat.0002"])
        await #expect(throws: DatabaseError.self) { try await database.rows("SELECT id FROM half") }
    }

    @Test func `does not take two migrations of one name`() async throws {
        await #expect(throws: Defect.self) { try await migrator(first, first).apply() }
    }

    @Test func `several programs may migrate at once`() async throws {
        let migrations = (1...20).map {
            Migration("part.\($0)", ["CREATE TABLE part_\(name: Self.name($0)) (id BIGINT)"])
        }
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let others = try (1...3).map { _ in try SQLiteDatabase.open(database.file, options) }
        let applied = try await withThrowingTaskGroup(of: [String].self) { group in
            for program in [database] + others {
                group.addTask { [time] in try await Migrator(program, migrations, time: time).apply() }
            }
            return try await group.reduce(into: []) { $0 += $1 }
        }
        #expect(applied.sorted() == migrations.map(\.id).sorted())
        for other in others { try await other.close() }
    }

    private static func name(_ number: Int) -> SQLName {
        let names: [SQLName] = ["a", "b", "c", "d", "e", "f", "g", "h", "i", "j"]
        return number > 10 ? ["k", "l", "m", "n", "o", "p", "q", "r", "s", "t"][number - 11] : names[number - 1]
    }
}
