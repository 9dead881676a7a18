import BotKit
import Foundation
import StoreSQLite

/// What turns take while retention removes a million messages beside them.
struct RetentionStage: Stage {
    let bench: BenchSetup
    let figures = ["turn_p99_during_retention_ms"]

    func run() async throws -> [Figure] {
        let rows = bench.count(1_000_000, quick: 100_000)
        let perSecond = 50
        let warmUp = perSecond
        let last = warmUp + bench.count(30, quick: 5) * perSecond
        let peers = try LoadPeers(questions: last)
        let home = try bench.makeFolder("retention")
        // The first start makes the tables and the calendar.
        try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 8) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone)
                try await load.pace(0..<warmUp, perSecond: perSecond)
            }
        }
        try await plant(rows, in: home)
        return try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 64) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone)
                try await load.pace(warmUp..<last, perSecond: perSecond)
            }
            let left = try await left(in: home)
            guard left < rows else { throw BenchmarkFailure("retention did not run beside the turns") }
            note("retention removed \(rows - left) of \(rows) messages meanwhile")
            let times = try peers.ledger.times(warmUp..<last)
            return [Figure("turn_p99_during_retention_ms", times.percentile(0.99), "ms")]
        }
    }

    /// Messages of ten thousand chats from two months ago, and a retention that was missed.
    private func plant(_ rows: Int, in home: WorkFolder) async throws {
        let database = try SQLiteDatabase.open(MartletServer.database(in: home))
        let old = Date().addingTimeInterval(-60 * 86_400)
        try await database.run(
            """
            WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < \(rows))
            INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
            SELECT i, 'cloud:1/u' || (i % 10000), 'cloud/u' || (i % 10000), 'wamid.' || i,
                '{"text":"an old message of a usual length, which nobody needs any more"}', 'answered', \(old) + i
            FROM n
            """)
        try await database.run("UPDATE schedule SET next_at = 0 WHERE name = 'core.prune'")
        try await database.close()
    }

    private func left(in home: WorkFolder) async throws -> Int {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let database = try SQLiteDatabase.open(MartletServer.database(in: home), options)
        let count = Int(try await database.rows("SELECT COUNT(*) AS n FROM inbox WHERE id <= 1000000")[0].int("n"))
        try await database.close()
        return count
    }
}
