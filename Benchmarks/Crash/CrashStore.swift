import BotKit
import Foundation
import StoreSQLite

/// What the store says when all is over.
struct CrashStore: Sendable {
    /// What is wrong, in a few words each; empty when nothing is.
    let problems: [String]

    init(_ file: URL) async throws {
        let store = try SQLiteDatabase.open(file)
        do {
            problems = try await Self.problems(of: store)
            try await store.close()
        } catch {
            try await store.close()
            throw error
        }
    }

    private static func problems(of store: SQLiteDatabase) async throws -> [String] {
        let damage = try await store.rows("SELECT integrity_check AS finding FROM pragma_integrity_check")
            .map { try $0.text("finding") }.filter { $0 != "ok" }
        let inbox = try await store.rows(
            "SELECT state, COUNT(*) AS n FROM inbox WHERE state <> 'answered' GROUP BY state")
        let outbox = try await store.rows(
            "SELECT state, COUNT(*) AS n FROM outbox WHERE state <> 'done' GROUP BY state")
        let queue = try await store.rows("SELECT state, COUNT(*) AS n FROM job WHERE is_heavy = 1 GROUP BY state")
        let queued = try await store.rows("SELECT COUNT(*) AS n FROM inbox WHERE reason = 'queued'")[0].int("n")
        return try damage.map { "integrity_check: \($0)" }
            + inbox.map { "inbox: \(try $0.int("n")) messages are \(try $0.text("state"))" }
            + outbox.map { "outbox: \(try $0.int("n")) replies are \(try $0.text("state"))" }
            + queue.map { "queue: \(try $0.int("n")) pieces are \(try $0.text("state"))" }
            + (queued > 0 ? ["inbox: \(queued) messages have only their receipt"] : [])
            + (try await store.integrityProblems())
    }
}
