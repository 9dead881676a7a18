/// How long a member waits for the answer about an image while another has sent two hundred at once.
struct QueueStage: Stage {
    let bench: BenchSetup
    let figures = ["queue_alone_worst_wait_ms", "queue_light_member_worst_wait_ms", "queue_heavy_member_seconds"]

    private static let slowness = Duration.milliseconds(200)
    private static let pause = Duration.seconds(2)
    private static let limit = 120

    func run() async throws -> [Figure] {
        let heavy = 0..<bench.count(200, quick: 50)
        // The light member asks some before, and then as long as the other one waits.
        let alone = heavy.upperBound..<heavy.upperBound + 5
        let beside = alone.upperBound..<alone.upperBound + Self.limit
        let peers = try LoadPeers(questions: beside.upperBound) { _ in Self.slowness }
        let home = try bench.makeFolder("queue")
        return try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 64) { sender in
                let load = TurnLoad(
                    server: server, sender: sender, ledger: peers.ledger,
                    phone: { LoadUser.phone(heavy.contains($0) ? 0 : 1) }, hasImages: true)
                for number in alone { try await ask(number, load) }
                let asked = try await withThrowingTaskGroup(of: Void.self) { group in
                    group.addTask {
                        try await load.saturate(heavy, atOnce: heavy.count, within: .seconds(Self.limit))
                    }
                    var asked = beside.lowerBound
                    repeat {
                        try await Task.sleep(for: Self.pause)
                        let number = asked
                        group.addTask { try await ask(number, load) }
                        asked += 1
                    } while peers.ledger.faults(heavy).missing > 0 && asked < beside.upperBound
                    try await group.waitForAll()
                    return asked
                }
                return try figures(peers.ledger, heavy: heavy, alone: alone, beside: beside.lowerBound..<asked)
            }
        }
    }

    /// Asks one question and waits for its answer.
    private func ask(_ number: Int, _ load: TurnLoad) async throws {
        try await load.pace(number..<number + 1, perSecond: 1, within: .seconds(Self.limit))
    }

    private func figures(
        _ ledger: TurnLedger, heavy: Range<Int>, alone: Range<Int>, beside: Range<Int>
    ) throws -> [Figure] {
        _ = try ledger.times(heavy)
        note("the light member asked \(beside.count) times")
        return [
            Figure("queue_alone_worst_wait_ms", try ledger.times(alone).max() ?? 0, "ms", digits: 0),
            Figure("queue_light_member_worst_wait_ms", try ledger.times(beside).max() ?? 0, "ms", digits: 0),
            Figure("queue_heavy_member_seconds", ledger.span(heavy).inSeconds, "s"),
        ]
    }
}
