import Foundation
import NIOCore
import NIOHTTP1

/// Collects a request, hands it to the world, and writes the answer.
final class WebHTTPHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private static let largestBody = 256 << 20
    private let surface: WorldInput.Surface
    private let inputs: AsyncStream<WorldInput>.Continuation
    private var head: HTTPRequestHead?
    private var body: [UInt8] = []

    init(_ surface: WorldInput.Surface, _ inputs: AsyncStream<WorldInput>.Continuation) {
        self.surface = surface
        self.inputs = inputs
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body = []
        case .body(let buffer):
            guard body.count + buffer.readableBytes <= Self.largestBody else { return context.close(promise: nil) }
            body.append(contentsOf: buffer.readableBytesView)
        case .end:
            guard let head else { return }
            self.head = nil
            ask(context, head)
        }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func ask(_ context: ChannelHandlerContext, _ head: HTTPRequestHead) {
        let channel = context.channel
        let isKept = head.isKeepAlive
        inputs.yield(
            .call(Self.call(head, body), surface) { reply in
                var headers = HTTPHeaders()
                headers.add(name: "Content-Type", value: reply.contentType)
                headers.add(name: "Content-Length", value: String(reply.body.count))
                if !isKept { headers.add(name: "Connection", value: "close") }
                let head = HTTPResponseHead(
                    version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status), headers: headers)
                channel.write(HTTPServerResponsePart.head(head), promise: nil)
                channel.write(HTTPServerResponsePart.body(.byteBuffer(ByteBuffer(bytes: reply.body))), promise: nil)
                channel.writeAndFlush(HTTPServerResponsePart.end(nil), promise: nil)
                if !isKept { channel.close(promise: nil) }
            })
        body = []
    }

    static func call(_ head: HTTPRequestHead, _ body: [UInt8]) -> EmulatorCall {
        let parts = head.uri.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var query: [String: String] = [:]
        for pair in parts.count > 1 ? parts[1].split(separator: "&") : [] {
            let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map {
                $0.replacing("+", with: " ").removingPercentEncoding ?? String($0)
            }
            query[sides[0]] = sides.count > 1 ? sides[1] : ""
        }
        return EmulatorCall(
            method: head.method.rawValue,
            path: (parts.first ?? "").split(separator: "/").map { $0.removingPercentEncoding ?? String($0) },
            query: query, body: body, contentType: head.headers.first(name: "Content-Type") ?? "", authorization: nil,
            host: head.headers.first(name: "Host") ?? "127.0.0.1")
    }
}
