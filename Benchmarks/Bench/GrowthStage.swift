/// Whether turns become slower as the store grows: the same load on a store with a thousand messages and on one with a
/// million, a second on each by turns, so that both meet the same weather.
struct GrowthStage: Stage {
    let bench: BenchSetup
    let figures = ["turn_ms_ratio_1m_vs_1k"]

    private static let perSecond = 100
    private static let askers = 100

    func run() async throws -> [Figure] {
        let slices = bench.count(12, quick: 3)
        let size = slices * Self.perSecond
        let peers = try LoadPeers(questions: 2 * size + 20)
        let setup = peers.setup(bench)
        let small = try await store("small", messages: 1_000, peers, firstQuestion: 2 * size)
        let large = try await store(
            "large", messages: bench.count(1_000_000, quick: 100_000), peers, firstQuestion: 2 * size + 10)
        return try await MartletServer.running(setup, home: small.home) { smallServer in
            try await MartletServer.running(setup, home: large.home) { largeServer in
                try await WebhookSender.using(connections: 32) { sender in
                    let loads = [
                        TurnLoad(server: smallServer, sender: sender, ledger: peers.ledger, phone: small.phone),
                        TurnLoad(server: largeServer, sender: sender, ledger: peers.ledger, phone: large.phone),
                    ]
                    for slice in 0..<slices {
                        for (index, load) in loads.enumerated() {
                            let first = index * size + slice * Self.perSecond
                            try await load.pace(first..<first + Self.perSecond, perSecond: Self.perSecond)
                        }
                    }
                }
                // The first slice of each fills the caches.
                let one = try peers.ledger.times(Self.perSecond..<size).percentile(0.5)
                let other = try peers.ledger.times(size + Self.perSecond..<2 * size).percentile(0.5)
                note(
                    "a turn takes \(Int(one * 1000)) µs in the small store and \(Int(other * 1000)) µs in the large one"
                )
                return [Figure("turn_ms_ratio_1m_vs_1k", other / one, "ratio", digits: 2)]
            }
        }
    }

    /// A store with so many messages received, as many sent, and twice as many in conversations; each chat has ten
    /// turns.
    private func store(
        _ name: String, messages: Int, _ peers: LoadPeers, firstQuestion: Int
    ) async throws -> (home: WorkFolder, phone: @Sendable (Int) -> String) {
        let home = try bench.makeFolder(name)
        let model = LoadUser.phone(0)
        let turns = 10
        try await MartletServer.running(peers.setup(bench), home: home) { server in
            try await WebhookSender.using(connections: 1) { sender in
                let load = TurnLoad(server: server, sender: sender, ledger: peers.ledger) { _ in model }
                try await load.saturate(firstQuestion..<firstQuestion + turns, atOnce: 1, within: .seconds(30))
            }
        }
        let copies = messages / turns
        let start = ContinuousClock.now
        try await StoreCopies(database: MartletServer.database(in: home), phone: model).make(copies)
        note("a store with \(messages) messages was made in \(Int((.now - start).inSeconds)) s")
        // Those who ask are spread over all chats.
        let step = max(1, copies / Self.askers)
        return (home, { StoreCopies.phone(model, copy: ($0 % Self.askers) * step % copies + 1) })
    }
}
