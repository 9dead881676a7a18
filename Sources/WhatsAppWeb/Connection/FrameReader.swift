import NIOCore
import NIOWebSocket
import WhatsAppWire

/// Reads the protocol's frames from a WebSocket, whose own frames mean nothing to it.
struct FrameReader {
    private var inbound: NIOAsyncChannelInboundStream<WebSocketFrame>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    private var splitter = FrameSplitter.ofServer()

    init(
        _ inbound: NIOAsyncChannelInboundStream<WebSocketFrame>,
        _ outbound: NIOAsyncChannelOutboundWriter<WebSocketFrame>
    ) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    /// The data of the next frame; nil when the server has closed the connection.
    /// - Throws: `WireError` for what cannot be a frame, or what the network gives.
    mutating func next(isolation: isolated (any Actor)? = #isolation) async throws -> [UInt8]? {
        while true {
            if let data = try splitter.next() { return data }
            guard let frame = try await inbound.next(isolation: isolation) else { return nil }
            switch frame.opcode {
            case .binary, .continuation:
                frame.unmaskedData.withUnsafeReadableBytes { splitter.append($0) }
            case .ping:
                try await outbound.write(
                    WebSocketFrame(fin: true, opcode: .pong, maskKey: .random(), data: frame.unmaskedData))
            case .connectionClose:
                return nil
            default:
                continue
            }
        }
    }
}
