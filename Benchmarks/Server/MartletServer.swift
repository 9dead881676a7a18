import Foundation

/// A running `martlet run` on a data folder of its own.
struct MartletServer: Sendable {
    /// What it is connected to and how.
    struct Setup: Sendable {
        /// The path of the program.
        let program: String
        /// The settings that connect it.
        private let network: [String: String]
        /// Where the model is, on this machine.
        let modelPort: Int
        /// What differs from the settings below.
        private let settings: [String: String]

        /// With the official API as its network.
        /// - Parameter graphPort: where it is, on this machine.
        init(program: String, graphPort: Int, modelPort: Int, settings: [String: String] = [:]) {
            self.init(program: program, network: Self.cloud(graphPort), modelPort: modelPort, settings: settings)
        }

        /// With the accounts that are linked in the data folder.
        init(program: String, web: EmulatedWeb, modelPort: Int, settings: [String: String] = [:]) {
            self.init(program: program, network: web.settings, modelPort: modelPort, settings: settings)
        }

        private init(program: String, network: [String: String], modelPort: Int, settings: [String: String]) {
            self.program = program
            self.network = network
            self.modelPort = modelPort
            self.settings = settings
        }

        /// What the crash tests have else: replies that failed soon go out again, members may write on, and the queue
        /// holds what piles up. A piece of heavy work may meet as many deaths as there are.
        static let amongCrashes = [
            "OUTBOX_RETRY_MILLISECONDS": "50", "SETTLE_MILLISECONDS": "400", "QUEUE_MAX_DEPTH": "100000",
            "JOB_MAX_ATTEMPTS": "1000",
        ]

        private static func cloud(_ graphPort: Int) -> [String: String] {
            [
                "CLOUD_PHONE_NUMBER_ID": SignedWebhook.number.phoneNumberID,
                "CLOUD_ACCESS_TOKEN": SignedWebhook.accessToken,
                "CLOUD_APP_SECRET": SignedWebhook.appSecret, "CLOUD_VERIFY_TOKEN": "benchmarks-verify-token",
                "CLOUD_BASE_URL": "http://127.0.0.1:\(graphPort)",
                "CLOUD_MEDIA_HOSTS": "http://127.0.0.1:\(graphPort)",
                "CLOUD_PAIR_INTERVAL_MILLISECONDS": "1", "CLOUD_PAIR_BURST": "1000",
                "CLOUD_NUMBER_PER_SECOND": "10000", "CLOUD_ORDER_WAIT_MILLISECONDS": "0",
            ]
        }

        var environment: [String: String] {
            [
                "PATH": "/usr/bin:/bin", "LOG_LEVEL": "error", "SETTLE_MILLISECONDS": "0",
                // Few members write as fast as they can: each limit counts as ever, but nobody comes up to it. Those on
                // strangers, failures and blocks are as they come.
                "RATE_LIMIT_PER_USER": "10000", "RATE_LIMIT_GLOBAL": "1000000", "FLOOD_LIMIT": "1000",
                "SEND_LIMIT_PER_CHAT": "10000", "SEND_LIMIT_PER_ACCOUNT": "1000000", "SEND_WAITING_PER_CHAT": "10000",
                // As the service file of docs/operations.md has it.
                "MALLOC_ARENA_MAX": "2", "SWIFT_BACKTRACE": "enable=yes,color=no,interactive=no,images=none",
                "OPENAI_BASE_URL": "http://127.0.0.1:\(modelPort)/v1", "OPENAI_API_KEY": "benchmarks-key",
                "OPENAI_GPT_MODEL": "stub",
            ].merging(network) { $1 }.merging(settings) { $1 }
        }
    }

    let process: ChildProcess
    let port: LocalPort
    private let startedAt: ContinuousClock.Instant
    private let log: URL

    /// Starts it; it is not ready yet.
    /// - Parameter port: where it listens; by default a free one.
    init(_ setup: Setup, home: WorkFolder, port: LocalPort? = nil) throws {
        let port = try port ?? LocalPort.free()
        self.port = port
        log = home.file("martlet.log")
        var environment = setup.environment
        environment["MARTLET_HOME"] = home.url.appending(path: "data").path
        environment["HEALTH_PORT"] = "\(port.number)"
        startedAt = .now
        process = try ChildProcess(
            // No settings of whoever runs this.
            setup.program, ["run", "--env-file", "/dev/null"], environment: environment,
            output: log.path)
    }

    /// Where webhooks go.
    var webhook: String { "http://127.0.0.1:\(port.number)/webhook/cloud" }

    /// The database of a data folder.
    static func database(in home: WorkFolder) -> URL { home.url.appending(path: "data/martlet.sqlite") }

    /// Waits until it answers on its port, which it opens when all else is up.
    /// - Returns: the time since it was started.
    @discardableResult
    func waitUntilReady(within limit: Duration = .seconds(60)) async throws -> Duration {
        while port.status(of: "/livez") != 200 {
            guard process.end == nil else { throw BenchmarkFailure("martlet ended at its start: \(lastLines)") }
            guard .now - startedAt < limit else { throw BenchmarkFailure("martlet was not ready within \(limit)") }
            try await Task.sleep(for: .milliseconds(2))
        }
        return .now - startedAt
    }

    /// Ends it at once, as a loss of power would.
    func cut() async {
        process.signal(SIGKILL)
        _ = await process.waitForEnd()
    }

    /// Starts one again and again on the same data, and cuts each at a random moment of its first seconds.
    /// - Parameter before: what is done just before each cut.
    /// - Throws: also when one ends by itself.
    static func cutAgainAndAgain(
        _ setup: Setup, home: WorkFolder, port: LocalPort? = nil, times: Int, seed: UInt64,
        before: () async throws -> Void
    ) async throws {
        var random = SeededRandom(seed: seed)
        for run in 1...max(1, times) where times > 0 {
            let server = try MartletServer(setup, home: home, port: port)
            try await Task.sleep(for: random.milliseconds(50...1_500))
            if let end = server.process.end {
                throw BenchmarkFailure("martlet ended by itself with \(end) in round \(run): \(server.lastLines)")
            }
            try await before()
            await server.cut()
            if run.isMultiple(of: 20) { note("killed \(run) times") }
        }
    }

    /// Asks it to stop, and waits.
    /// - Throws: when it does not end by itself and with 0.
    func stop() async throws {
        process.signal(SIGTERM)
        let end = await process.waitForEnd()
        guard end == .exit(0) else { throw BenchmarkFailure("martlet ended with \(end): \(lastLines)") }
    }

    /// The end of its log.
    var lastLines: String {
        let text = String(decoding: FileManager.default.contents(atPath: log.path) ?? Data(), as: UTF8.self)
        return text.split(separator: "\n").suffix(5).joined(separator: "\n")
    }

    /// Starts one, lets `body` use it when it is ready, and stops it.
    static func running<Result: Sendable>(
        _ setup: Setup, home: WorkFolder, _ body: (MartletServer) async throws -> Result
    ) async throws -> Result {
        let server = try MartletServer(setup, home: home)
        do {
            try await server.waitUntilReady()
            let result = try await body(server)
            try await server.stop()
            return result
        } catch {
            await server.cut()
            throw error
        }
    }
}
