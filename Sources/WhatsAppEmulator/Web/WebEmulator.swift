public import Foundation
import NIOCore
import NIOPosix
import WhatsAppKeys

/// WhatsApp's servers and the primary phones on loopback: what clients of WhatsApp Web connect to in tests and demos.
///
/// `run()` serves until it is cancelled; `start()` waits for it and gives the ports. `serving(_:_:)` does both.
public struct WebEmulator: Sendable {
    /// What the emulator is made of; every value has a default that works.
    public struct Configuration: Sendable {
        /// The address to listen on.
        public var host = "127.0.0.1"
        /// The port of `ws` and of media without TLS; 0 takes a free one.
        public var port = 0
        /// The port of `wss` and of media with TLS; nil for none, 0 for a free one.
        public var tlsPort: Int?
        /// The port of the control API; 0 takes a free one.
        public var controlPort = 0
        /// The folder for the keys that clients must trust; nil keeps them in memory.
        public var folder: URL?
        /// Where clients are sent for media, `host:port`; nil is the TLS port, or the port without TLS.
        public var mediaHost: String?
        /// A file for the log of stanzas.
        public var logFile: URL?
        /// Frames larger than this are compressed; 0 for never.
        public var compressAbove = 4096
        /// So many queued stanzas are sent before the client has to ask for more; 0 sends all.
        public var offlinePrimer = 0
        /// Whether phones send keys, settings and history to new companions.
        public var welcomes = true
        /// Whether stanzas are not logged, for load.
        public var isLean = false

        public init() {}
    }

    /// The ports that are open.
    public struct Ports: Sendable {
        /// `ws` and media.
        public let plain: Int
        /// `wss` and media.
        public let tls: Int?
        /// The control API.
        public let control: Int
    }

    /// What the emulator was made of.
    public let configuration: Configuration
    private let state: EmulatorState
    private let authority: NoiseAuthority
    private let listening = WebPorts()

    /// Makes an emulator; nothing listens before `run()`.
    /// - Throws: when the folder of the keys cannot be read or written.
    public init(_ configuration: Configuration = Configuration()) throws {
        self.configuration = configuration
        state = try EmulatorState(folder: configuration.folder)
        authority = NoiseAuthority(root: state.root)
    }

    /// The root key that clients must trust, 32 bytes.
    public var rootKey: [UInt8] { authority.rootKey }

    /// The certificate that clients of the TLS port must trust, PEM.
    public var certificateAuthority: String { state.authority }

    /// Serves until the task is cancelled; call it once.
    /// - Throws: when a port cannot be opened.
    public func run() async throws {
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 2)
        do {
            try await serve(group)
        } catch {
            await listening.end(error)
            try? await group.shutdownGracefully()
            throw error
        }
        await listening.end(EmulatorStopped())
        try await group.shutdownGracefully()
    }

    /// Waits until `run()` listens, which another task has to call.
    /// - Throws: the reason why `run()` ended without listening.
    @discardableResult
    public func start() async throws -> Ports { try await listening.ports() }

    /// Runs an emulator while `body` works, and stops it after.
    public static func serving<Result: Sendable>(
        _ configuration: Configuration = Configuration(),
        _ body: @escaping @Sendable (WebEmulator, Ports) async throws -> Result
    ) async throws -> Result {
        let emulator = try WebEmulator(configuration)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await emulator.run() }
            defer { group.cancelAll() }
            return try await body(emulator, try await emulator.start())
        }
    }

    private func serve(_ group: MultiThreadedEventLoopGroup) async throws {
        let (inputs, add) = AsyncStream.makeStream(of: WorldInput.self)
        let listener = WebListener(authority, add)
        let host = configuration.host
        let plain = try await listener.bind(group, host: host, port: configuration.port, .network)
        var tls: (any Channel)?
        if let port = configuration.tlsPort {
            tls = try await listener.bind(group, host: host, port: port, .network, tls: try state.context())
        }
        let control = try await listener.bind(group, host: host, port: configuration.controlPort, .control)
        let ports = Ports(
            plain: plain.localAddress?.port ?? 0, tls: tls?.localAddress?.port, control: control.localAddress?.port ?? 0
        )
        var options = WebOptions()
        options.mediaHost = configuration.mediaHost ?? ports.tls.map { "localhost:\($0)" } ?? "\(host):\(ports.plain)"
        options.compressAbove = configuration.compressAbove
        options.offlinePrimer = configuration.offlinePrimer
        options.welcomes = configuration.welcomes
        options.isLean = configuration.isLean
        let world = WebWorld(
            options, authority: authority, log: StanzaLog(file: try configuration.logFile.map(Self.open)))
        await listening.begin(ports)
        for await input in inputs { await world.take(input) }
    }

    private static func open(_ file: URL) throws -> FileHandle {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        return try FileHandle(forWritingTo: file)
    }
}

/// The ports of an emulator, for those who wait until it listens.
actor WebPorts {
    private var result: Result<WebEmulator.Ports, any Error>?
    private var waiting: [AsyncStream<Void>.Continuation] = []

    func begin(_ ports: WebEmulator.Ports) { finish(.success(ports)) }

    func end(_ reason: any Error) { finish(.failure(reason)) }

    private func finish(_ result: Result<WebEmulator.Ports, any Error>) {
        self.result = result
        for signal in waiting { signal.finish() }
        waiting = []
    }

    func ports() async throws -> WebEmulator.Ports {
        if result == nil {
            let (stream, signal) = AsyncStream.makeStream(of: Void.self)
            waiting.append(signal)
            for await _ in stream {}
        }
        guard let result else { throw CancellationError() }
        return try result.get()
    }
}
