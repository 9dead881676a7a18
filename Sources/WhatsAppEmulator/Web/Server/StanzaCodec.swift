import NIOCore
import NIOWebSocket
import WhatsAppWire

/// A stanza on its way to a client, and from which size on it is compressed.
struct OutgoingStanza: Sendable {
    let node: Node
    let compressAbove: Int
}

/// One client's connection: WebSocket messages, frames, the handshake, ciphers and binary XML.
final class StanzaCodec: ChannelDuplexHandler {
    typealias InboundIn = WebSocketFrame
    typealias OutboundIn = OutgoingStanza
    typealias OutboundOut = WebSocketFrame

    private let connection: Int
    private let authority: NoiseAuthority
    private let inputs: AsyncStream<WorldInput>.Continuation
    private var splitter = FrameSplitter.ofClient(limit: 1 << 20)
    private var handshake: ServerHandshake?
    private var ciphers: SessionCiphers?

    init(connection: Int, _ authority: NoiseAuthority, _ inputs: AsyncStream<WorldInput>.Continuation) {
        self.connection = connection
        self.authority = authority
        self.inputs = inputs
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let frame = unwrapInboundIn(data)
        switch frame.opcode {
        case .binary, .continuation: read(context, frame.unmaskedData)
        case .ping: send(context, .pong, frame.unmaskedData, promise: nil)
        case .connectionClose:
            send(context, .connectionClose, frame.unmaskedData, promise: nil)
            context.close(promise: nil)
        default: break
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        inputs.yield(.gone(connection: connection))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        let stanza = unwrapOutboundIn(data)
        do {
            let limit = stanza.compressAbove > 0 ? stanza.compressAbove : .max
            let plaintext = try stanza.node.encoded(compressingAbove: limit)
            guard let frame = try ciphers?.sealing.frame(plaintext) else { return }
            send(context, .binary, ByteBuffer(bytes: frame), promise: promise)
        } catch {
            fail(context, "a stanza could not be written: \(error)")
        }
    }

    private func read(_ context: ChannelHandlerContext, _ data: ByteBuffer) {
        data.withUnsafeReadableBytes { splitter.append($0) }
        do {
            while let frame = try splitter.next() {
                guard ciphers != nil else {
                    guard try shakeHands(context, frame) else { return }
                    continue
                }
                guard let plaintext = try ciphers?.opening.open(frame) else { return }
                inputs.yield(.stanza(connection: connection, try Node(decoding: plaintext)))
            }
        } catch {
            fail(context, "REFUSED connection \(connection): \(error)")
        }
    }

    /// - Returns: whether the connection goes on.
    private func shakeHands(_ context: ChannelHandlerContext, _ frame: [UInt8]) throws -> Bool {
        let isFirst = handshake == nil
        if authority.fault == (isFirst ? .closeAtHello : .closeAtFinish) {
            fail(context, "closed during the handshake, as asked")
            return false
        }
        var handshake = try self.handshake ?? ServerHandshake(keys: authority.keys, chain: authority.chain())
        let step = try handshake.receive(frame)
        self.handshake = handshake
        switch step {
        case .reply(let bytes):
            send(context, .binary, ByteBuffer(bytes: try Frame.encode(bytes)), promise: nil)
        case .done(let client, let reply):
            if let reply { send(context, .binary, ByteBuffer(bytes: try Frame.encode(reply)), promise: nil) }
            ciphers = client.ciphers
            splitter.limit = Frame.largestByteCount
            inputs.yield(
                .arrived(
                    .init(
                        connection: connection, channel: context.channel, key: client.key, payload: client.payload,
                        routingInfo: splitter.intro?.routingInfo)))
        }
        return true
    }

    private func send(
        _ context: ChannelHandlerContext, _ opcode: WebSocketOpcode, _ data: ByteBuffer,
        promise: EventLoopPromise<Void>?
    ) {
        context.writeAndFlush(wrapOutboundOut(WebSocketFrame(fin: true, opcode: opcode, data: data)), promise: promise)
    }

    private func fail(_ context: ChannelHandlerContext, _ reason: String) {
        inputs.yield(.note(reason))
        context.close(promise: nil)
    }
}
