/// The product's own share of the time to an answer, at 100 turns a second.
struct LatencyStage: Stage {
    let bench: BenchSetup
    let figures = ["turn_own_ms_p50", "turn_own_ms_p99"]

    func run() async throws -> [Figure] {
        let perSecond = 100
        let warmUp = 2 * perSecond
        let last = warmUp + bench.count(30, quick: 5) * perSecond
        let peers = try LoadPeers(questions: last)
        let home = try bench.makeFolder("latency")
        return try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 64) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger, phone: LoadUser.phone)
                try await load.pace(0..<warmUp, perSecond: perSecond)
                try await load.pace(warmUp..<last, perSecond: perSecond)
            }
            let times = try peers.ledger.times(warmUp..<last)
            return [
                Figure("turn_own_ms_p50", times.percentile(0.5), "ms"),
                Figure("turn_own_ms_p99", times.percentile(0.99), "ms"),
            ]
        }
    }
}
