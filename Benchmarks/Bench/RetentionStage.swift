import BotKit
import Foundation
import StoreSQLite

/// What turns take while retention removes a million messages beside them, and what they took before on the same store.
struct RetentionStage: Stage {
    let bench: BenchSetup
    let figures = ["turn_p99_before_retention_ms", "turn_p99_during_retention_ms", "retention_rows_per_second"]

    private static let perSecond = 50
    /// How long retention may take, in seconds.
    private static let patience = 240

    func run() async throws -> [Figure] {
        let rows = bench.count(1_000_000, quick: 400_000)
        let before = bench.count(30, quick: 5) * Self.perSecond
        let peers = try LoadPeers(questions: before + Self.patience * Self.perSecond)
        let home = try bench.makeFolder("retention")
        // The first start makes the tables and the calendar.
        try await MartletServer.running(peers.setup(bench), home: home) { _ in }
        try await plant(rows, in: home)
        try await withTurns(peers, in: home) { load in
            try await load.pace(0..<before, perSecond: Self.perSecond)
        }
        try await makeDue(in: home)
        let (during, removed, span) = try await withTurns(peers, in: home) { load in
            try await self.turns(from: before, load, in: home, until: rows)
        }
        // The first second fills the caches, before as well as during.
        let warmUp = Self.perSecond
        return [
            Figure(
                "turn_p99_before_retention_ms", try peers.ledger.times(warmUp..<before).percentile(0.99), "ms"),
            Figure(
                "turn_p99_during_retention_ms",
                try peers.ledger.times(before + warmUp..<during).percentile(0.99), "ms"),
            Figure("retention_rows_per_second", Double(removed) / span.inSeconds, "1/s", digits: 0),
        ]
    }

    /// Starts the program on the store and lets `body` write to it.
    @discardableResult
    private func withTurns<Result: Sendable>(
        _ peers: LoadPeers, in home: WorkFolder, _ body: @Sendable (TurnLoad) async throws -> Result
    ) async throws -> Result {
        try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 64) { sender in
                try await body(
                    TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone))
            }
        }
    }

    /// Asks, a second at a time, until the old messages are gone.
    /// - Returns: the end of the questions that were answered while some were left, how many went meanwhile, and how
    ///   long that took.
    private func turns(
        from first: Int, _ load: TurnLoad, in home: WorkFolder, until rows: Int
    ) async throws -> (end: Int, removed: Int, span: Duration) {
        try await withStore(of: home) { store in
            let start = ContinuousClock.now
            let atFirst = try await oldMessages(in: store, of: rows)
            var (end, left, span) = (first, atFirst, Duration.zero)
            for slice in 0..<Self.patience {
                let questions = first + slice * Self.perSecond..<first + (slice + 1) * Self.perSecond
                try await load.pace(questions, perSecond: Self.perSecond)
                let now = try await oldMessages(in: store, of: rows)
                guard now > 0 else {
                    guard slice > 1 else { throw BenchmarkFailure("retention was over before turns could meet it") }
                    return (end, atFirst - left, span)
                }
                (end, left, span) = (questions.upperBound, now, .now - start)
            }
            throw BenchmarkFailure("retention left \(left) of \(rows) old messages after \(Self.patience) s")
        }
    }

    // MARK: - The store

    /// Messages of ten thousand chats from two months ago, one each millisecond.
    private func plant(_ rows: Int, in home: WorkFolder) async throws {
        let old = Date().addingTimeInterval(-60 * 86_400)
        try await withStore(of: home) { store in
            try await store.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
                INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
                SELECT i, 'cloud:1/u' || (i % 10000), 'cloud/u' || (i % 10000), 'wamid.' || i,
                    '{"text":"an old message of a usual length, which nobody needs any more"}', 'answered', \(old) + i
                FROM n
                """)
        }
    }

    /// Lets the next start find that a retention was missed.
    private func makeDue(in home: WorkFolder) async throws {
        let schedules = try await withStore(of: home) { store in
            try await store.run("UPDATE schedule SET next_at = 0 WHERE name = 'core.prune'")
        }
        guard schedules == 1 else { throw BenchmarkFailure("the calendar has no core.prune") }
    }

    /// How many old messages are left; the oldest go first.
    private func oldMessages(in store: SQLiteDatabase, of rows: Int) async throws -> Int {
        let first = try await store.rows("SELECT MIN(id) AS first FROM inbox")[0].optionalInt("first")
        return first.map { max(0, rows + 1 - Int($0)) } ?? 0
    }

    @discardableResult
    private func withStore<Result: Sendable>(
        of home: WorkFolder, _ body: (SQLiteDatabase) async throws -> Result
    ) async throws -> Result {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let store = try SQLiteDatabase.open(MartletServer.database(in: home), options)
        do {
            let result = try await body(store)
            try await store.close()
            return result
        } catch {
            try await store.close()
            throw error
        }
    }
}
