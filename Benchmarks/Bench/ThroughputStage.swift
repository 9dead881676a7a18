import Foundation

/// Memory at rest, then 20 000 turns of 500 members as fast as they go, then memory again; and once more after twice
/// as many, because memory that only grows does not show in one figure.
struct ThroughputStage: Stage {
    let bench: BenchSetup
    /// How many members wait for an answer at a time; divides `LoadUser.count`.
    let atOnce: Int
    let figures = [
        "rss_idle_mb", "private_dirty_idle_mb", "turns_per_second", "turn_processor_ms", "turn_peers_processor_ms",
        "rss_after_20k_turns_mb", "rss_after_60k_turns_mb", "rss_rested_mb",
    ]

    func run() async throws -> [Figure] {
        let turns = bench.count(20_000, quick: 2_000)
        let peers = try LoadPeers(questions: turns * 3)
        let home = try bench.makeFolder("throughput")
        return try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await Task.sleep(for: .seconds(bench.count(4, quick: 1)))
            let idle = try ProcessUse(of: server.process.pid)
            let ownBefore = try ProcessUse(of: getpid())
            try await WebhookSender.using(connections: atOnce) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone)
                try await load.saturate(0..<turns, atOnce: atOnce, within: .seconds(300))
            }
            let ownAfter = try ProcessUse(of: getpid())
            _ = try peers.ledger.times(0..<turns)
            try await Task.sleep(for: .seconds(1))
            let after = try ProcessUse(of: server.process.pid)
            let speed = Double(turns) / peers.ledger.span(0..<turns).inSeconds
            try await WebhookSender.using(connections: atOnce) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone)
                try await load.saturate(turns..<turns * 3, atOnce: atOnce, within: .seconds(600))
            }
            try await Task.sleep(for: .seconds(1))
            let later = try ProcessUse(of: server.process.pid)
            // Longer than the program waits before it gives memory back.
            try await Task.sleep(for: .seconds(12))
            let rested = try ProcessUse(of: server.process.pid)
            return [
                Figure("rss_idle_mb", idle.residentMB, "MB"),
                Figure("private_dirty_idle_mb", idle.privateDirtyMB, "MB"),
                Figure("turns_per_second", speed, "1/s", digits: 0),
                Figure("turn_processor_ms", after.processorMilliseconds(since: idle) / Double(turns), "ms", digits: 3),
                Figure(
                    "turn_peers_processor_ms", ownAfter.processorMilliseconds(since: ownBefore) / Double(turns), "ms",
                    digits: 3),
                Figure("rss_after_20k_turns_mb", after.residentMB, "MB"),
                Figure("rss_after_60k_turns_mb", later.residentMB, "MB"),
                Figure("rss_rested_mb", rested.residentMB, "MB"),
            ]
        }
    }
}
