/// How long a start takes, from nothing to the first answer of the port, the database being made on the way.
struct StartStage: Stage {
    let bench: BenchSetup
    let figures = ["start_to_ready_ms"]

    func run() async throws -> [Figure] {
        let peers = try LoadPeers(questions: 0)
        var times: [Double] = []
        for _ in 0..<5 {
            let home = try bench.makeFolder("start")
            let server = try MartletServer(peers.setup(bench), home: home)
            do { times.append(try await server.waitUntilReady().inMilliseconds) } catch {
                await server.cut()
                throw error
            }
            try await server.stop()
        }
        return [Figure("start_to_ready_ms", times.percentile(0.5), "ms", digits: 0)]
    }
}
