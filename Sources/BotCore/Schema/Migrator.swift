public import BotKit
import Crypto
import Foundation

/// Brings a store's schema up to date, and refuses one that this program did not make.
///
/// Which migrations were applied stands in the table `migration`. Each is applied in one transaction with its row, so
/// several processes may migrate at once: one of them wins, the others go on.
public struct Migrator: Sendable {
    private let database: any Database
    private let migrations: [Migration]
    private let time: any TimeSource

    /// - Parameter migrations: all that the product knows, in the order in which they are applied.
    public init(_ database: any Database, _ migrations: [Migration], time: any TimeSource) {
        self.database = database
        self.migrations = migrations
        self.time = time
    }

    /// Applies what is missing.
    /// - Returns: the ids that were applied, in order.
    /// - Throws: as `pending()`; `DatabaseError` when a migration fails, which then left nothing behind.
    public func apply() async throws -> [String] {
        try await database.run(
            """
            CREATE TABLE IF NOT EXISTS migration (
                id TEXT PRIMARY KEY, checksum TEXT NOT NULL, applied_at BIGINT NOT NULL
            )
            """)
        var applied: [String] = []
        for migration in try await pending() where try await apply(migration) { applied.append(migration.id) }
        return applied
    }

    /// The migrations that are missing, in order; nothing is changed.
    /// - Throws: `Misconfiguration` when the store was written by a newer program or by one with other migrations;
    ///   `Defect` when two migrations have one id.
    public func pending() async throws -> [Migration] {
        let known = try checksums()
        let stored = try await storedChecksums()
        for (id, checksum) in stored.sorted(by: { $0.key < $1.key }) {
            guard let expected = known[id] else { throw Self.newer(id) }
            guard expected == checksum else { throw Self.changed(id) }
        }
        return migrations.filter { stored[$0.id] == nil }
    }

    /// - Returns: whether it was this process that applied it.
    private func apply(_ migration: Migration) async throws -> Bool {
        let checksum = migration.checksum
        let claim: SQL = """
            INSERT INTO migration (id, checksum, applied_at) VALUES (\(migration.id), \(checksum), \(time.now))
            ON CONFLICT DO NOTHING
            """
        do {
            try await database.transaction([claim.requiring(rows: 1)] + migration.statements)
            return true
        } catch DatabaseError.conflict {
            guard let stored = try await storedChecksums()[migration.id] else { throw DatabaseError.conflict }
            guard stored == checksum else { throw Self.changed(migration.id) }
            return false
        }
    }

    private func checksums() throws -> [String: String] {
        var known: [String: String] = [:]
        for migration in migrations {
            guard known.updateValue(migration.checksum, forKey: migration.id) == nil else {
                throw Defect("two migrations are called \(migration.id)")
            }
        }
        return known
    }

    private func storedChecksums() async throws -> [String: String] {
        let tables = try await database.rows(
            """
            SELECT \(sqlite: "name", postgres: "table_name") AS name
            FROM \(sqlite: "sqlite_schema", postgres: "information_schema.tables")
            WHERE \(sqlite: "type = 'table' AND name", postgres: "table_schema = current_schema() AND table_name")
                = 'migration'
            """)
        if tables.isEmpty { return [:] }
        return try await database.rows("SELECT id, checksum FROM migration").reduce(into: [:]) {
            $0[try $1.text("id")] = try $1.text("checksum")
        }
    }

    private static func newer(_ id: String) -> Misconfiguration {
        Misconfiguration(
            "database", "was written by a newer Martlet (it has the migration \(id), which this one does not know)",
            remedy: "Start that version again, or restore a backup from before the update.")
    }

    private static func changed(_ id: String) -> Misconfiguration {
        Misconfiguration(
            "database", "was made by another program (its migration \(id) is not the one that this Martlet has)",
            remedy: "Start the version that made it, or restore a backup that this one made.")
    }
}

extension Migration {
    /// SHA-256 over the statements as SQLite reads them, in hexadecimal; equal only for the same statements and values.
    var checksum: String {
        var hash = SHA256()
        func add(_ tag: String, _ bytes: some Collection<UInt8>) {
            hash.update(data: Data("\(tag)\(bytes.count):".utf8))
            hash.update(data: Data(bytes))
        }
        for statement in statements {
            let (text, values) = statement.rendered(for: .sqlite)
            add("s", text.utf8)
            for value in values {
                switch value {
                case .null: add("n", [])
                case .integer(let number): add("i", "\(number)".utf8)
                case .real(let number): add("r", "\(number.bitPattern)".utf8)
                case .text(let text): add("t", text.utf8)
                case .blob(let data): add("b", data)
                }
            }
        }
        return Hexadecimal.text(hash.finalize())
    }
}
