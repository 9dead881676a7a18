public import BotKit
import Foundation
public import Logging
import Synchronization

/// A store that tells the operator when it can no longer be written, such as on a full disk, and when it can again.
///
/// It changes nothing in what the store does. A trouble is told once, however many calls meet it, and has ended when a
/// write succeeds and none has failed for a while: on a full disk a small one may succeed between large ones that fail.
public final class WatchedDatabase: Database {
    private struct Trouble {
        var error: DatabaseError
        var lastSeen: Date
    }

    private static let calm = Duration.seconds(5)

    private let database: any Database
    private let alerts: OperatorAlerts
    private let time: any TimeSource
    private let logger: Logger
    private let trouble = Mutex<Trouble?>(nil)

    /// - Parameter mailbox: from where owners hear of troubles.
    public init(
        _ database: any Database, pseudonyms: Pseudonyms, time: any TimeSource, logger: Logger,
        mailbox: AlertMailbox? = nil
    ) {
        self.database = database
        alerts = OperatorAlerts(pseudonyms: pseudonyms, logger: logger, mailbox: mailbox)
        self.time = time
        self.logger = logger
    }

    /// Whether the store can be written: as far as is known, or, after a trouble, by trying. The trial rewrites the
    /// calendar of the jobs as it is.
    public func isWritable() async -> Bool {
        guard let trouble = trouble.withLock({ $0 }) else { return true }
        guard trouble.lastSeen.adding(Self.calm) <= time.now else { return false }
        do { return try await run("UPDATE schedule SET next_at = next_at") > 0 } catch { return false }
    }

    @discardableResult
    public func run(_ statement: SQL) async throws -> Int {
        try await watch({ try await self.database.run(statement) }) { $0 > 0 }
    }

    public func rows(_ query: SQL) async throws -> [Row] {
        // A query that succeeds says nothing about writing.
        try await watch({ try await self.database.rows(query) }) { _ in false }
    }

    @discardableResult
    public func transaction(_ statements: [SQL]) async throws -> [Int] {
        try await watch({ try await self.database.transaction(statements) }) { $0.contains { $0 > 0 } }
    }

    private func watch<Result: Sendable>(
        _ call: () async throws -> Result, hasWritten: (Result) -> Bool
    ) async throws -> Result {
        do {
            let result = try await call()
            if hasWritten(result) { noteSuccess() }
            return result
        } catch let error as DatabaseError {
            switch error {
            case .full, .readOnly, .busy, .unreachable, .corrupt: note(error)
            case .constraint, .conflict, .unexpected: break
            }
            throw error
        }
    }

    private func note(_ error: DatabaseError) {
        let isNew = trouble.withLock { trouble in
            let isNew = trouble?.error != error
            trouble = Trouble(error: error, lastSeen: time.now)
            return isNew
        }
        guard isNew else { return }
        alerts.raise("storage", "the database cannot be used now", ["problem": "\(error.description)"])
    }

    private func noteSuccess() {
        let hasEnded = trouble.withLock { known in
            guard let seen = known?.lastSeen, seen.adding(Self.calm) <= time.now else { return false }
            known = nil
            return true
        }
        guard hasEnded else { return }
        logger.notice("the database can be used again")
        alerts.end("storage")
    }
}
