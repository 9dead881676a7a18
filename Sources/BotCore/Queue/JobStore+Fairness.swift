import BotKit
import Foundation

/// Heavy jobs, which are done by their places in the line (`SQL.heavyPlace`).
extension JobStore {
    private static let isHeavy: SQL = "is_heavy = 1 AND state IN ('waiting', 'running')"

    /// Takes up to `limit` heavy jobs that are due, by turns between the members.
    /// - Parameter condition: which of them may be taken.
    func claimFairly(
        _ kinds: [String], where condition: SQL, limit: Int, at now: Date, lease: Duration
    ) async throws -> [ClaimedJob] {
        // A look whether there is one needs no write.
        guard try await nextHeavyDue(kinds, where: condition).map({ $0 <= now }) ?? false else { return [] }
        return try await database.rows(
            """
            UPDATE job SET state = 'running', attempts = attempts + 1, lease_owner = \(owner),
                lease_until = \(now.adding(lease))
            WHERE state = 'waiting' AND id IN (
                SELECT id FROM job WHERE \(Self.isHeavy) AND state = 'waiting' AND run_at <= \(now)
                    AND kind IN (\(list: kinds)) AND (\(condition))
                ORDER BY place, id LIMIT \(limit) \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
            RETURNING \(ClaimedJob.columns)
            """
        ).map(ClaimedJob.init)
    }

    /// When the next heavy job is due; `nil` when none waits.
    func nextHeavyDue(_ kinds: [String], where condition: SQL) async throws -> Date? {
        try await database.rows(
            """
            SELECT MIN(run_at) AS due FROM job
            WHERE \(Self.isHeavy) AND state = 'waiting' AND kind IN (\(list: kinds)) AND (\(condition))
            """
        ).first?.optionalDate("due")
    }

    /// Whether there is heavy work that another process does, or may take.
    func hasHeavyWork(besides ours: Set<Int64>) async throws -> Bool {
        try await !database.rows(
            "SELECT id FROM job WHERE \(Self.isHeavy) AND id NOT IN (\(list: ours.isEmpty ? [0] : Array(ours))) LIMIT 1"
        ).isEmpty
    }

    /// The line as a new piece of work finds it.
    struct Line: Sendable {
        var running: Int
        var waiting: Int
        /// How many of those that wait go first.
        var ahead: Int
    }

    /// - Parameter entering: those that were let in; whether they are stored by now is not known.
    func line(for member: MemberID, besides entering: Set<Int64>) async throws -> Line {
        let row = try await database.rows(
            """
            SELECT COUNT(*) AS n, COALESCE(SUM(CASE state WHEN 'running' THEN 1 ELSE 0 END), 0) AS running,
                COALESCE(SUM(CASE WHEN state = 'waiting' AND place <= (SELECT \(SQL.heavyPlace(of: member)))
                    THEN 1 ELSE 0 END), 0) AS ahead
            FROM job WHERE \(Self.isHeavy) AND id NOT IN (\(list: Array(entering)))
            """)[0]
        let running = Int(try row.int("running"))
        return Line(running: running, waiting: Int(try row.int("n")) - running, ahead: Int(try row.int("ahead")))
    }

    /// The line: what runs, then what waits, in its order.
    func heavyWork(limit: Int) async throws -> WorkInQueue {
        let pieces = try await database.rows(
            """
            SELECT id, state, created_at, failures FROM job WHERE \(Self.isHeavy)
            ORDER BY CASE state WHEN 'running' THEN 0 ELSE 1 END, place, id LIMIT \(limit)
            """
        ).map { row in
            WorkInQueue.Piece(
                reference: TurnReference.of(try row.int("id")),
                isRunning: try row.text("state") == "running", askedAt: try row.date("created_at"),
                failures: Int(try row.int("failures")))
        }
        let counts = try await database.rows(
            """
            SELECT COUNT(*) AS n, COUNT(DISTINCT member) AS members,
                COALESCE(SUM(CASE state WHEN 'running' THEN 1 ELSE 0 END), 0) AS running
            FROM job WHERE \(Self.isHeavy)
            """)[0]
        let running = Int(try counts.int("running"))
        return WorkInQueue(
            pieces: pieces, running: running, waiting: Int(try counts.int("n")) - running,
            members: Int(try counts.int("members")))
    }

    /// The heavy jobs that a condition holds for, and the messages that their turns began with.
    func heavyJobs(where condition: SQL) async throws -> [(row: Int64, messages: [Int64])] {
        try await database.rows(
            """
            SELECT id, CAST(payload AS TEXT) AS payload FROM job WHERE \(Self.isHeavy) AND \(condition) ORDER BY id
            """
        ).map { row in
            let turn = try? JSONDecoder().decode(QueuedTurn.self, from: Data(try row.text("payload").utf8))
            return (try row.int("id"), turn?.rows ?? [])
        }
    }

    /// The statements by which their own member takes jobs out of the queue; it is noted at their messages.
    static func stopping(_ jobs: [(row: Int64, messages: [Int64])], at now: Date) -> [SQL] {
        guard !jobs.isEmpty else { return [] }
        return [
            "DELETE FROM job WHERE \(isHeavy) AND id IN (\(list: jobs.map(\.row)))",
            """
            UPDATE inbox SET state = 'stopped', reason = \(TurnReason.stopped.rawValue), closed_at = \(now)
            WHERE id IN (\(list: jobs.flatMap(\.messages))) AND reason = \(TurnReason.queued.rawValue)
            """,
        ]
    }

    /// The statement by which an operator takes a job out of the queue: what is left of it is to tell its member.
    static func cancelling(_ row: Int64, at now: Date) -> SQL {
        let cancel: SQL = """
            UPDATE job SET state = 'waiting', is_cancelled = 1, place = 0, run_at = \(now), lease_owner = NULL,
                lease_until = NULL
            WHERE id = \(row) AND \(isHeavy)
            """
        return cancel.requiring(rows: 1)
    }
}
