public import BotKit
import Dispatch
import Foundation
import GRDB

extension SQLiteDatabase: DatabaseMaintenance {
    public func backup(to path: String) async throws {
        try await aside { [file, connectionSettings] in
            try BackupFile(path: path).write(from: connectionSettings.openReader(file.path))
        }
    }

    public func integrityProblems() async throws -> [String] {
        try await aside { [file, connectionSettings] in
            do {
                return try connectionSettings.openReader(file.path).read { connection in
                    try String.fetchAll(connection, sql: "PRAGMA quick_check(20)").filter { $0 != "ok" }
                        + String.fetchAll(
                            connection,
                            sql: """
                                SELECT DISTINCT "table" || ' refers to missing rows of ' || parent
                                FROM pragma_foreign_key_check
                                """)
                }
            } catch {
                let error = BotKit.DatabaseError(error)
                guard error == .corrupt else { throw error }
                return ["the file is damaged beyond reading"]
            }
        }
    }

    /// A larger store is rewritten over a temporary file, a smaller one in memory.
    private static let memoryLimit: Int64 = 64 << 20

    /// `secure_delete` leaves copies behind in pages that were put together anew; only a rewritten file has none.
    public func compact() async throws {
        let isSmall = try await sizeBytes() <= Self.memoryLimit
        if !isSmall { try await runAlone(["PRAGMA temp_store = FILE"]) }
        let result: Result<Void, any Error>
        do { result = .success(try await runAlone(["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"])) } catch {
            result = .failure(error)
        }
        if !isSmall { try await runAlone(["PRAGMA temp_store = MEMORY"]) }
        try result.get()
    }

    public func sizeBytes() async throws -> Int64 {
        ["", "-wal", "-shm"].reduce(0) { total, suffix in
            var status = stat()
            return stat(file.path + suffix, &status) == 0 ? total + Int64(status.st_size) : total
        }
    }

    /// Moves the write-ahead log into the file. Best effort: what stays in the log is read from there at the next
    /// start.
    @Sendable static func checkpoint(_ connection: Connection) {
        _ = try? connection.checkpoint(.truncate)
    }

    /// Runs long blocking work on a thread of its own, with its own connection, so that no caller waits for it.
    private func aside<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { caller in
            DispatchQueue(label: "martlet.store.maintenance").async { caller.resume(with: Result { try work() }) }
        }
    }
}
