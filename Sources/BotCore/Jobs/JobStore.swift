public import BotKit
public import Foundation

/// A job that was claimed.
struct ClaimedJob: Sendable {
    let row: Int64
    let kind: String
    let payload: String
    let runAt: Date
    /// How often it was started, this time included.
    let attempts: Int
    /// How often it failed.
    let failures: Int
    /// Whether an operator took it out of the queue, which its member shall hear.
    let isCancelled: Bool
    /// Whose it is; `nil` for nobody's.
    let owner: JobOwner?

    /// What ties together the log, the audit and the alerts about it.
    var reference: String { TurnReference.of(row) }

    static let columns: SQL =
        "id, kind, CAST(payload AS TEXT) AS payload, run_at, attempts, failures, is_cancelled, member, chat"

    init(_ row: Row) throws {
        self.row = try row.int("id")
        kind = try row.text("kind")
        payload = try row.text("payload")
        runAt = try row.date("run_at")
        attempts = Int(try row.int("attempts"))
        failures = Int(try row.int("failures"))
        isCancelled = try row.bool("is_cancelled")
        owner =
            if let member = try row.optionalText("member"), let chat = try row.optionalText("chat") {
                JobOwner(MemberID(rawValue: member), in: ChatID(rawValue: chat))
            } else { nil }
    }
}

/// A job, or a reply, that will not be tried again.
public struct DeadLetter: Sendable {
    /// `job` or `reply`.
    public let sort: String
    public let row: Int64
    /// The word that the alert about it names.
    public var reference: String { TurnReference.of(row) }
    /// The job's kind, or the provider of the reply.
    public let kind: String
    public let problem: String
    public let attempts: Int
    public let createdAt: Date
}

/// The job table.
struct JobStore: Sendable {
    let database: any Database
    /// Names this process among those that share the database.
    let owner: String

    /// Takes up to `limit` jobs that are due, the most urgent first; heavy ones are taken by `claimFairly`.
    /// - Parameter rooms: how many of each kind may be taken.
    func claim(_ rooms: [String: Int], limit: Int, at now: Date, lease: Duration) async throws -> [ClaimedJob] {
        var rooms = rooms
        var chosen: [Int64] = []
        for level in try await levels() where level.first <= now && chosen.count < limit {
            let due = try await database.rows(
                """
                SELECT id, kind FROM job
                WHERE state = 'waiting' AND is_heavy = 0 AND priority = \(level.priority) AND run_at <= \(now)
                    AND kind IN (\(list: Array(rooms.keys)))
                ORDER BY run_at, id LIMIT \(limit - chosen.count)
                """)
            for row in due {
                let kind = try row.text("kind")
                guard let room = rooms[kind], room > 0 else { continue }
                rooms[kind] = room - 1
                chosen.append(try row.int("id"))
            }
            rooms = rooms.filter { $0.value > 0 }
        }
        guard !chosen.isEmpty else { return [] }
        return try await database.rows(
            """
            UPDATE job SET state = 'running', attempts = attempts + 1, lease_owner = \(owner),
                lease_until = \(now.adding(lease))
            WHERE state = 'waiting' AND id IN (
                SELECT id FROM job WHERE id IN (\(list: chosen)) AND state = 'waiting'
                \(sqlite: "", postgres: "FOR UPDATE SKIP LOCKED"))
            RETURNING \(ClaimedJob.columns)
            """
        ).map(ClaimedJob.init)
    }

    /// The priorities of the jobs that wait, the greatest first, and when the first job of each is due. Each costs two
    /// steps into the index, however many jobs wait.
    private func levels() async throws -> [(priority: Int64, first: Date)] {
        try await database.rows(
            """
            WITH RECURSIVE level (priority) AS (
                SELECT MAX(priority) FROM job WHERE state = 'waiting' AND is_heavy = 0
                UNION ALL
                SELECT (SELECT MAX(priority) FROM job
                    WHERE state = 'waiting' AND is_heavy = 0 AND priority < level.priority)
                FROM level WHERE level.priority IS NOT NULL)
            SELECT priority, (SELECT MIN(run_at) FROM job
                WHERE state = 'waiting' AND is_heavy = 0 AND job.priority = level.priority) AS first_due
            FROM level WHERE priority IS NOT NULL
            """
        ).map { (try $0.int("priority"), try $0.date("first_due")) }
    }

    /// The statement that removes a job that is done, if it is still ours, and its owner still bears the same names.
    func finish(_ job: ClaimedJob) -> SQL {
        let names = job.owner.map { owner -> SQL in "AND member = \(owner.member) AND chat = \(owner.chat)" }
        let delete: SQL = """
            DELETE FROM job WHERE id = \(job.row) AND state = 'running' AND lease_owner = \(owner)
                AND attempts = \(job.attempts) \(names ?? "")
            """
        return delete.requiring(rows: 1)
    }

    /// Why a job is put back.
    enum Return {
        /// By its own wish; it starts counting anew.
        case wish
        case failure
        /// Somebody else changed what it was about, or its process ends.
        case interruption
    }

    func putBack(_ job: ClaimedJob, until time: Date, problem: String?, after reason: Return) async throws {
        let (attempts, failures) =
            switch reason {
            case .wish: (0, 0)
            case .failure: (job.attempts, job.failures + 1)
            case .interruption: (job.attempts, job.failures)
            }
        // The key stays with the job that waits: another with the same key may wait already, and then this one is it.
        try await database.run(
            """
            UPDATE job SET state = 'waiting', run_at = \(time), problem = \(problem), lease_owner = NULL,
                lease_until = NULL, attempts = \(attempts), failures = \(failures),
                unique_key = CASE WHEN EXISTS (SELECT 1 FROM job AS other WHERE other.kind = job.kind
                    AND other.unique_key = job.unique_key AND other.state = 'waiting') THEN NULL ELSE unique_key END
            WHERE id = \(job.row) AND state = 'running' AND lease_owner = \(owner) AND attempts = \(job.attempts)
            """)
    }

    /// - Returns: `false` when it is no longer ours.
    func bury(_ job: ClaimedJob, problem: String) async throws -> Bool {
        try await database.run(
            """
            UPDATE job SET state = 'dead', problem = \(problem), lease_owner = NULL, lease_until = NULL
            WHERE id = \(job.row) AND state = 'running' AND lease_owner = \(owner) AND attempts = \(job.attempts)
            """) == 1
    }

    func renew(_ rows: [Int64], until time: Date) async throws {
        try await database.run(
            """
            UPDATE job SET lease_until = \(time)
            WHERE id IN (\(list: rows)) AND state = 'running' AND lease_owner = \(owner)
            """)
    }

    /// Those of `rows` that this process still holds.
    func held(_ rows: Set<Int64>) async throws -> Set<Int64> {
        guard !rows.isEmpty else { return [] }
        return Set(
            try await database.rows(
                "SELECT id FROM job WHERE id IN (\(list: Array(rows))) AND state = 'running' AND lease_owner = \(owner)"
            ).map { try $0.int("id") })
    }

    /// Takes back what a process left: its own from before a restart at once, those of others when the lease has ended.
    /// - Parameters:
    ///   - ours: jobs that run in this process, however old their leases are.
    ///   - latest: after which no lease can end that is alive; `nil` when that is not known.
    func takeBack(at now: Date, includingOwn: Bool, except ours: Set<Int64> = [], after latest: Date? = nil)
        async throws -> Int
    {
        // Of jobs with one key that come back at once, the oldest keeps it.
        try await database.run(
            """
            UPDATE job SET state = 'waiting', lease_owner = NULL, lease_until = NULL,
                unique_key = CASE WHEN EXISTS (SELECT 1 FROM job AS other WHERE other.kind = job.kind
                    AND other.unique_key = job.unique_key AND (other.state = 'waiting'
                        OR (other.state = 'running' AND other.id < job.id))) THEN NULL ELSE unique_key END
            WHERE state = 'running' AND (lease_until <= \(now) OR lease_until > \(latest)
                    OR (\(includingOwn) = 1 AND lease_owner = \(owner)))
                AND id NOT IN (\(list: ours.isEmpty ? [0] : Array(ours)))
            """)
    }

    /// Lets what failed, and waits to be tried again, wait no longer than it does at most by a clock that shows `now`.
    /// - Parameters:
    ///   - base: the longest wait after the first failure, which doubles with each further one.
    ///   - cap: the longest of all.
    func shortenRetries(at now: Date, base: Duration, cap: Duration) async throws {
        let least: SQL = "\(sqlite: "MIN", postgres: "LEAST")"
        let (cap, base) = (Int64(cap.seconds * 1_000), Int64(base.seconds * 1_000))
        let wait: SQL = "\(least)(\(cap), \(base) << \(least)(attempts - 1, 16))"
        let tolerance = Int64(Duration.clockTolerance.seconds * 1_000)
        try await database.run(
            """
            UPDATE job SET run_at = \(now) + \(wait)
            WHERE state = 'waiting' AND attempts > 0 AND is_heavy = 0
                AND run_at > \(now) + \(wait) + \(tolerance)
            """)
    }

    /// Lets heavy work be done now, by a clock that shows `now`, unless it failed and waits to be tried again.
    func hasten(at now: Date, base: Duration, cap: Duration) async throws {
        let least: SQL = "\(sqlite: "MIN", postgres: "LEAST")"
        let (cap, base) = (Int64(cap.seconds * 1_000), Int64(base.seconds * 1_000))
        let tolerance = Int64(Duration.clockTolerance.seconds * 1_000)
        let again: SQL = "\(least)(\(cap), \(base) << \(least)(failures - 1, 16))"
        let wait: SQL = "CASE WHEN failures > 0 THEN \(again) ELSE 0 END"
        try await database.run(
            """
            UPDATE job SET run_at = \(now) + \(wait)
            WHERE state = 'waiting' AND is_heavy = 1 AND run_at > \(now) + \(wait) + \(tolerance)
            """)
    }

    /// When the next job of `kinds` is due. A time after `now` may be too early when other kinds wait too.
    func nextDue(_ kinds: [String], at now: Date) async throws -> Date? {
        var next: Date?
        for level in try await levels() {
            var first: Date? = level.first
            if level.first <= now {
                first = try await database.rows(
                    """
                    SELECT run_at FROM job
                    WHERE state = 'waiting' AND is_heavy = 0 AND priority = \(level.priority)
                        AND kind IN (\(list: kinds))
                    ORDER BY run_at, id LIMIT 1
                    """
                ).first?.date("run_at")
            }
            next = [next, first].compactMap { $0 }.min()
        }
        return next
    }

    // MARK: - Schedules

    func schedules() async throws -> [String: (cron: String, next: Date)] {
        let rows = try await database.rows("SELECT name, cron, next_at FROM schedule")
        return Dictionary(
            uniqueKeysWithValues: try rows.map { (try $0.text("name"), (try $0.text("cron"), try $0.date("next_at"))) })
    }

    func setSchedule(_ name: String, cron: String, next: Date) async throws {
        try await database.run(
            """
            INSERT INTO schedule (name, cron, next_at) VALUES (\(name), \(cron), \(next))
            ON CONFLICT (name) DO UPDATE SET cron = excluded.cron, next_at = excluded.next_at
            """)
    }

    /// Moves a schedule on and stores its job; undone when another process was first.
    func fire(_ name: String, due: Date, next: Date, job: SQL) async throws {
        let move: SQL = "UPDATE schedule SET next_at = \(next) WHERE name = \(name) AND next_at = \(due)"
        try await database.transaction([move.requiring(rows: 1), job])
    }
}

extension Database {
    /// What will not be tried again, newest first.
    public func deadLetters(limit: Int = 100) async throws -> [DeadLetter] {
        try await rows(
            """
            SELECT 'job' AS sort, id, kind, problem, attempts, created_at FROM job WHERE state = 'dead'
            UNION ALL
            SELECT 'reply' AS sort, id, chat AS kind, problem, attempts, created_at FROM outbox WHERE state = 'dead'
            ORDER BY created_at DESC LIMIT \(limit)
            """
        ).map { row in
            let sort = try row.text("sort")
            let kind = try row.text("kind")
            return DeadLetter(
                sort: sort, row: try row.int("id"),
                kind: sort == "reply" ? ChatID(rawValue: kind).account.provider.rawValue : kind,
                problem: try row.optionalText("problem") ?? "", attempts: Int(try row.int("attempts")),
                createdAt: try row.date("created_at"))
        }
    }
}
