import Foundation
import Synchronization
import TestKit

/// Another program that holds the write lock of a database: Python's own SQLite.
final class Rival: Sendable {
    private static let script = """
        import sqlite3, sys
        connection = sqlite3.connect(sys.argv[1], isolation_level=None)
        connection.execute("BEGIN IMMEDIATE")
        open(sys.argv[2], "w").close()
        sys.stdin.read()
        """
    private let process: SpawnedProcess
    private let sign = FileManager.default.temporaryDirectory.appending(path: "martlet-rival-\(UUID().uuidString)")

    init(holding file: URL) throws {
        process = try SpawnedProcess(
            "/usr/bin/env", ["python3", "-c", Self.script, file.path, sign.path],
            environment: ProcessInfo.processInfo.environment
        ) { _, _ in }
    }

    /// Waits until it holds the lock.
    func holds() async throws {
        _ = try await eventually("the rival holds the lock") {
            FileManager.default.fileExists(atPath: self.sign.path) ? true : nil
        }
    }

    /// Lets it go.
    func end() { process.closeInput() }

    deinit {
        end()
        try? FileManager.default.removeItem(at: sign)
    }
}
