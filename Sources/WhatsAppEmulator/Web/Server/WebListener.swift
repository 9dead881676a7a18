import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import NIOWebSocket
import Synchronization

/// Opens the emulator's ports.
final class WebListener: Sendable {
    private static let largestMessage = (1 << 24) + 64
    private let authority: NoiseAuthority
    private let inputs: AsyncStream<WorldInput>.Continuation
    private let connections = Atomic(0)

    init(_ authority: NoiseAuthority, _ inputs: AsyncStream<WorldInput>.Continuation) {
        self.authority = authority
        self.inputs = inputs
    }

    /// Listens for HTTP, on the network's face also for WebSocket at `/ws/chat`, with or without TLS.
    func bind(
        _ group: any EventLoopGroup, host: String, port: Int, _ surface: WorldInput.Surface, tls: NIOSSLContext? = nil
    ) async throws -> any Channel {
        try await ServerBootstrap(group: group)
            .serverChannelOption(.backlog, value: 1024)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.tcpOption(.tcp_nodelay), value: 1)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture { try self.prepare(channel, surface, tls) }
            }
            .bind(host: host, port: port).get()
    }

    private func prepare(_ channel: any Channel, _ surface: WorldInput.Surface, _ tls: NIOSSLContext?) throws {
        let handlers = channel.pipeline.syncOperations
        if let tls { try handlers.addHandler(NIOSSLServerHandler(context: tls)) }
        let http = WebHTTPHandler(surface, inputs)
        switch surface {
        case .control: try handlers.configureHTTPServerPipeline()
        case .network:
            let name = "http"
            try handlers.configureHTTPServerPipeline(
                withServerUpgrade: (
                    upgraders: [upgrader],
                    completionHandler: { $0.pipeline.syncOperations.removeHandler(name: name, promise: nil) }
                ))
            return try handlers.addHandler(http, name: name)
        }
        try handlers.addHandler(http)
    }

    private var upgrader: NIOWebSocketServerUpgrader {
        NIOWebSocketServerUpgrader(
            maxFrameSize: Self.largestMessage,
            shouldUpgrade: { channel, head in
                let isChat = head.uri.prefix { $0 != "?" } == "/ws/chat"
                return channel.eventLoop.makeSucceededFuture(isChat ? HTTPHeaders() : nil)
            },
            upgradePipelineHandler: { channel, _ in
                channel.eventLoop.makeCompletedFuture {
                    let number = self.connections.wrappingAdd(1, ordering: .relaxed).newValue
                    try channel.pipeline.syncOperations.addHandler(
                        StanzaCodec(connection: number, self.authority, self.inputs))
                }
            })
    }
}
