/// Whether all are served alike at a steady 50 messages a second: of a hundred members, of a thousand, of a hundred
/// whose model takes a second for each answer, and of a hundred half of whom meet that model.
struct LoadStage: Stage {
    let bench: BenchSetup
    let figures =
        LoadPlan.sizes.flatMap { size in ["p50_ms", "p99_ms", "worst_ms"].map { "load_\(size)_members_turn_\($0)" } }
        + [
            "load_slow_model_turn_p99_ms", "load_without_slow_model_turn_p99_ms",
            "load_beside_slow_model_turn_p99_ms", "load_messages", "load_missing", "load_duplicates",
            "load_lanes_starved",
        ]

    func run() async throws -> [Figure] {
        let plan = LoadPlan(quick: bench.isQuick)
        let peers = try LoadPeers(questions: plan.count) { plan.delay(of: $0.number) }
        let home = try bench.makeFolder("load")
        return try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 64) { sender in
                for part in plan.parts {
                    let load = TurnLoad(
                        server: server, sender: sender, ledger: peers.ledger, phone: { part.phone(of: $0) })
                    try await load.pace(
                        part.questions, perSecond: LoadPlan.perSecond, within: part.span + .seconds(60))
                }
            }
            return try figures(of: plan, peers.ledger)
        }
    }

    private func figures(of plan: LoadPlan, _ ledger: TurnLedger) throws -> [Figure] {
        let times = try ledger.times(0..<plan.count).enumerated().map { number, time in
            time - plan.delay(of: number).inMilliseconds
        }
        func own(_ kind: LoadPlan.Kind, where isMeant: (Int) -> Bool = { _ in true }) -> [Double] {
            plan.questions(of: kind).filter(isMeant).map { times[$0] }
        }
        let (missing, repeats) = ledger.faults(0..<plan.count)
        return LoadPlan.sizes.flatMap { size in
            let times = own(.members(size))
            return [
                Figure("load_\(size)_members_turn_p50_ms", times.percentile(0.5), "ms"),
                Figure("load_\(size)_members_turn_p99_ms", times.percentile(0.99), "ms"),
                Figure("load_\(size)_members_turn_worst_ms", times.max() ?? 0, "ms"),
            ]
        } + [
            Figure("load_slow_model_turn_p99_ms", own(.slow).percentile(0.99), "ms"),
            Figure(
                "load_without_slow_model_turn_p99_ms", own(.calm, where: plan.isFast).percentile(0.99), "ms"),
            Figure("load_beside_slow_model_turn_p99_ms", own(.mixed, where: plan.isFast).percentile(0.99), "ms"),
            Figure("load_messages", plan.count), Figure("load_missing", missing), Figure("load_duplicates", repeats),
            Figure("load_lanes_starved", plan.starvedLanes(times)),
        ]
    }
}
