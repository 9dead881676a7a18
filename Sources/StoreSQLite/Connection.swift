import BotKit
import Foundation
import GRDB

/// One connection to the file, confined to its own dispatch queue by GRDB.
typealias Connection = GRDB.Database

/// What connections are opened with.
struct ConnectionSettings: Sendable {
    let busyTimeout: Duration
    /// `false` only for a temporary database, which no crash has to survive.
    let isDurable: Bool

    /// The one connection that writes.
    ///
    /// `synchronous = FULL` makes a commit durable before it returns; the write-ahead log lets readers go on meanwhile.
    func openWriter(_ path: String) throws -> DatabaseQueue {
        var configuration = shared(label: "writer")
        let synchronous = isDurable ? "FULL" : "OFF"
        configuration.prepareDatabase { connection in
            try connection.execute(
                sql: """
                    PRAGMA journal_mode = WAL;
                    PRAGMA synchronous = \(synchronous);
                    PRAGMA temp_store = MEMORY;
                    PRAGMA mmap_size = 0;
                    PRAGMA journal_size_limit = 16777216;
                    PRAGMA secure_delete = ON;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    /// A connection that only reads. Each has a page cache of its own, and behind it is that of the system, so that a
    /// small one does: 1 MiB instead of SQLite's 2.
    func openReader(_ path: String) throws -> DatabaseQueue {
        var configuration = shared(label: "reader")
        configuration.readonly = true
        configuration.prepareDatabase { connection in
            try connection.execute(
                sql: """
                    PRAGMA temp_store = MEMORY;
                    PRAGMA mmap_size = 0;
                    PRAGMA cache_size = -1024;
                    PRAGMA trusted_schema = OFF;
                    """)
        }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    private func shared(label: String) -> Configuration {
        var configuration = Configuration()
        configuration.label = "martlet.store.\(label)"
        configuration.busyMode = .timeout(busyTimeout.seconds)
        configuration.foreignKeysEnabled = true
        // The group commit ends every transaction itself; GRDB's own check would stop the process.
        configuration.allowsUnsafeTransactions = true
        return configuration
    }
}
