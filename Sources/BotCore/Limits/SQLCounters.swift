public import BotKit
public import Foundation

/// Counters in the table `counter`.
///
/// Each is one statement that reads and writes its row at once, so that two instances cannot both take the last one. A
/// row has a time of its own, which never goes back: `shift` says by how much it is ahead of a clock that was set back,
/// and is nothing again as soon as the clock has caught up.
public struct SQLCounters: Counters {
    private let database: any Database
    private let time: any TimeSource
    private let naming: @Sendable (MemberID) -> String

    /// - Parameter naming: what a member is called in the table. A keyed hash leaves nothing there to erase, and so
    ///   nobody gets a full bucket by an erasure.
    public init(
        database: any Database, time: any TimeSource,
        naming: @escaping @Sendable (MemberID) -> String = { $0.rawValue }
    ) {
        self.database = database
        self.time = time
        self.naming = naming
    }

    // MARK: - The time of a row

    private struct Moment {
        let event: Int64
        let clock: Int64
    }

    /// What happened cannot have happened later than now, whatever the clock said then.
    private func moment(_ event: Date) -> Moment {
        let clock = time.now.milliseconds
        return Moment(event: min(event.milliseconds, clock), clock: clock)
    }

    /// Clocks of two instances differ by less than five seconds; what is more is a step.
    private static let shift: SQL = """
        (CASE WHEN counter.seen_at <= excluded.clock_at THEN 0
            WHEN counter.clock_at > excluded.clock_at + 5000 THEN counter.shift + counter.clock_at - excluded.clock_at
            ELSE counter.shift END)
        """
    private static let rowTime: SQL = """
        \(sqlite: "MAX", postgres: "GREATEST")(counter.seen_at, excluded.seen_at + \(shift))
        """

    // MARK: - Buckets

    public func take(from buckets: [TokenBucket], at time: Date) async throws -> TokenBucket? {
        guard let first = buckets.first else { return nil }
        let moment = moment(time)
        // Who finds a bucket empty that is not empty any more tries again, but not for ever.
        for _ in 1...3 {
            do {
                try await database.transaction(buckets.map { taking(from: $0, at: moment) })
                return nil
            } catch DatabaseError.conflict {
                for bucket in buckets where try await isEmpty(bucket, at: moment) { return bucket }
            }
        }
        return first
    }

    /// The generic cell rate algorithm (ITU-T I.371) in microseconds: the bucket is full again at `due_at`.
    private func taking(from bucket: TokenBucket, at moment: Moment) -> SQL {
        let step = Self.step(of: bucket)
        let taking: SQL = """
            INSERT INTO counter (name, member, seen_at, clock_at, due_at)
            VALUES (\(bucket.name), \(bucket.member.map(naming) ?? ""), \(moment.event), \(moment.clock),
                \(moment.event * 1_000 + step))
            ON CONFLICT (name, member) DO UPDATE SET seen_at = \(Self.rowTime), shift = \(Self.shift),
                clock_at = excluded.clock_at,
                due_at = \(sqlite: "MAX", postgres: "GREATEST")(counter.due_at, 1000 * \(Self.rowTime)) + \(step)
            WHERE counter.due_at + \(step) <= 1000 * \(Self.rowTime) + \(step * Int64(bucket.limit))
            """
        return taking.requiring(rows: 1)
    }

    /// Whether there is nothing in it. The time of its row goes on, or nothing would ever be in it after the clock was
    /// set back; and it is never emptier than empty, as it might seem when its window was made shorter.
    private func isEmpty(_ bucket: TokenBucket, at moment: Moment) async throws -> Bool {
        let step = Self.step(of: bucket)
        let room = step * Int64(bucket.limit)
        let rows = try await database.rows(
            """
            INSERT INTO counter (name, member, seen_at, clock_at, due_at)
            VALUES (\(bucket.name), \(bucket.member.map(naming) ?? ""), \(moment.event), \(moment.clock),
                \(moment.event * 1_000))
            ON CONFLICT (name, member) DO UPDATE SET seen_at = \(Self.rowTime), shift = \(Self.shift),
                clock_at = excluded.clock_at,
                due_at = \(sqlite: "MIN", postgres: "LEAST")(counter.due_at, 1000 * \(Self.rowTime) + \(room))
            RETURNING seen_at, due_at
            """)
        guard let row = rows.first else { return false }
        return try row.int("due_at") + step > row.int("seen_at") * 1_000 + room
    }

    /// How long one more takes to come, in microseconds.
    private static func step(of bucket: TokenBucket) -> Int64 {
        max(1, Int64(bucket.window.seconds * 1e6) / Int64(bucket.limit))
    }

    // MARK: - Floods

    /// The times of the last messages stand in one text, the newest first. Each has this many digits; what is added to
    /// it sees to that.
    private static let width = 14
    private static let origin: Int64 = 10_000_000_000_000

    public func note(_ count: Int, under rule: FloodRule, at time: Date) async throws -> FloodVerdict {
        let moment = moment(time)
        let isTooMuch = count > rule.limit
        let (window, ban) = (Int64(rule.window.seconds * 1_000), Int64(rule.ban.seconds * 1_000))
        let isBanned: SQL = "counter.banned_until > \(Self.rowTime)"
        // What is compared are texts of one length; none is less than each.
        let isOver: SQL =
            isTooMuch
            ? "1 = 1"
            : """
            SUBSTR(counter.times, \(Self.width * (rule.limit - count) + 1), \(Self.width))
                > CAST(\(Self.origin - window) + \(Self.rowTime) AS TEXT)
            """
        let first = String(repeating: "\(Self.origin + moment.event)", count: min(count, rule.limit))
        let rows = try await database.rows(
            """
            INSERT INTO counter (name, member, seen_at, clock_at, times, banned_until, hits)
            VALUES (\(rule.name), \(naming(rule.member)), \(moment.event), \(moment.clock), \(isTooMuch ? "" : first),
                \(isTooMuch ? moment.event + ban : 0), \(isTooMuch ? 1 : 0))
            ON CONFLICT (name, member) DO UPDATE SET seen_at = \(Self.rowTime), shift = \(Self.shift),
                clock_at = excluded.clock_at,
                times = CASE WHEN \(isBanned) OR \(isOver) THEN '' ELSE
                    SUBSTR(REPLACE(\(String(repeating: "t", count: min(count, rule.limit))), 't',
                        CAST(\(Self.origin) + \(Self.rowTime) AS TEXT)) || counter.times,
                        1, \(Self.width * rule.limit)) END,
                banned_until = CASE
                    WHEN \(isBanned) THEN
                        \(sqlite: "MIN", postgres: "LEAST")(counter.banned_until, \(Self.rowTime) + \(ban))
                    WHEN \(isOver) THEN \(Self.rowTime) + \(ban) ELSE 0 END,
                hits = CASE WHEN \(isBanned) THEN counter.hits + 1 WHEN \(isOver) THEN 1 ELSE 0 END
            RETURNING seen_at, banned_until, hits
            """)
        guard let row = rows.first, try row.int("banned_until") > row.int("seen_at") else { return .passed }
        return .banned(isNew: try row.int("hits") == 1)
    }
}
