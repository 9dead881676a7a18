import Hummingbird
import Logging

/// An emulated Graph API with its webhook sender, media host and control API: Meta's side of a bot, without an account.
///
/// `run()` serves until it is cancelled; `start()` waits for it and gives the port:
/// ```swift
/// try await withThrowingTaskGroup(of: Void.self) { group in
///     group.addTask { try await emulator.run() }
///     let port = try await emulator.start()
///     …
///     group.cancelAll()
/// }
/// ```
/// `serving(_:_:)` does just that.
public struct GraphEmulator: Sendable {
    /// What the emulator was made of.
    public let configuration: Configuration
    let world: GraphWorld
    let sender: WebhookSender
    private let listening = ListeningPort()

    /// Makes an emulator; nothing listens before `run()`.
    public init(_ configuration: Configuration = Configuration()) {
        self.configuration = configuration
        world = GraphWorld(configuration)
        sender = WebhookSender(configuration)
    }

    /// Serves until the task is cancelled; call it once.
    /// - Throws: when the address cannot be bound.
    public func run() async throws {
        do {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await serve() }
                group.addTask { await sender.run() }
                try await group.next()
                group.cancelAll()
            }
        } catch {
            await listening.end(error)
            guard !(error is CancellationError) || !Task.isCancelled else { return }
            throw error
        }
        await listening.end(EmulatorStopped())
    }

    /// Waits until `run()` listens, which another task has to call.
    /// - Returns: the port, also when the configuration asks for any.
    /// - Throws: the reason why `run()` ended without listening.
    @discardableResult
    public func start() async throws -> Int { try await listening.port() }

    /// The base of the Graph API with its version, such as `http://127.0.0.1:8080/v26.0`; waits like `start()`.
    public func baseURL(version: String = "v26.0") async throws -> String {
        "http://\(configuration.host):\(try await start())/\(version)"
    }

    /// Runs an emulator while `body` works, and stops it after.
    public static func serving<Result: Sendable>(
        _ configuration: Configuration, _ body: @Sendable (GraphEmulator) async throws -> Result
    ) async throws -> Result {
        let emulator = GraphEmulator(configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await emulator.run() }
            defer { group.cancelAll() }
            try await emulator.start()
            return try await body(emulator)
        }
    }

    private func serve() async throws {
        // The server's own log is silent: requests are what the control API lists.
        var logger = Logger(label: "whatsapp-emulator")
        logger.logLevel = .critical
        let graph = GraphAPI(world: world, sender: sender, configuration: configuration)
        let control = ControlAPI(world: world, sender: sender, configuration: configuration)
        let application = Application(
            responder: EmulatorResponder(graph: graph, control: control), server: DeferredHTTPChannel.builder,
            configuration: ApplicationConfiguration(address: .hostname(configuration.host, port: configuration.port)),
            onServerRunning: { await listening.begin($0.localAddress?.port ?? 0) }, logger: logger)
        try await application.run()
    }
}

/// Why `start()` fails on an emulator whose `run()` ended.
struct EmulatorStopped: Error {}

/// The port of a server, for those who wait until it listens.
actor ListeningPort {
    private var result: Result<Int, any Error>?
    private var waiting: [AsyncStream<Void>.Continuation] = []

    func begin(_ port: Int) { finish(.success(port)) }

    func end(_ reason: any Error) { finish(.failure(reason)) }

    private func finish(_ result: Result<Int, any Error>) {
        self.result = result
        for signal in waiting { signal.finish() }
        waiting = []
    }

    func port() async throws -> Int {
        if result == nil {
            let (stream, signal) = AsyncStream.makeStream(of: Void.self)
            waiting.append(signal)
            for await _ in stream {}
        }
        guard let result else { throw CancellationError() }
        return try result.get()
    }
}
