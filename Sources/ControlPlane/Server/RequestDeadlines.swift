import BotKit
import HTTPTypes
import NIOCore
import NIOHTTPTypes

/// The sender took too long for its request.
struct SlowRequest: Error {}

/// Watches the time of one connection: for the head of a request, its body, our answer, and the pause between two.
///
/// A slow body becomes a `SlowRequest` for its reader, a late answer a 503, everything else closes the connection. The
/// clock is the event loop's; one timer a connection looks at a deadline that moves, so that a request schedules
/// nothing.
final class RequestDeadlines: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    struct Limits: Sendable {
        let receive: TimeAmount
        let answer: TimeAmount
        let idle: TimeAmount
        let linger: TimeAmount
        /// The largest body that a sender who asks first is told to send.
        let bodyBytes: Int
    }

    private let limits: Limits
    /// Between the head and the end of a request.
    private var isReceiving = false
    /// Requests that have no complete answer yet.
    private var unanswered = 0
    private var hasAnswerBegun = false
    /// The connection ends with the answer that is being made.
    private var isClosing = false
    private var deadline = NIODeadline.distantFuture
    private var timer: (at: NIODeadline, task: Scheduled<Void>)?

    init(_ limits: Limits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { wait(limits.receive, context) }
    func handlerRemoved(context: ChannelHandlerContext) { cancelTimer() }

    func channelInactive(context: ChannelHandlerContext) {
        cancelTimer()
        context.fireChannelInactive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            isReceiving = true
            unanswered += 1
            if head.headerFields[.connection]?.lowercased() == "close" { isClosing = true }
            wait(limits.receive, context)
            if head.headerFields[.expect]?.lowercased() == "100-continue" { inviteBody(head, context) }
        case .body: break
        case .end:
            isReceiving = false
            if isClosing, unanswered == 0 { return context.close(promise: nil) }
            if unanswered > 0 { wait(limits.answer, context) }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(let head):
            hasAnswerBegun = true
            if head.headerFields[.connection] == "close" { isClosing = true }
            context.write(data, promise: promise)
        case .body:
            context.write(data, promise: promise)
        case .end:
            hasAnswerBegun = false
            unanswered -= 1
            guard isClosing, unanswered <= 0 else {
                if !isReceiving { wait(unanswered > 0 ? limits.answer : limits.idle, context) }
                return context.write(data, promise: promise)
            }
            guard isReceiving else { return finish(data, promise, context) }
            // A sender that is still sending would lose the answer if we closed now (RFC 9112, section 9.6).
            wait(limits.linger, context)
            context.writeAndFlush(data, promise: promise)
        }
    }

    /// Writes the last part and closes once it is out.
    private func finish(_ data: NIOAny, _ promise: EventLoopPromise<Void>?, _ context: ChannelHandlerContext) {
        let written = promise ?? context.eventLoop.makePromise()
        written.futureResult.assumeIsolated().whenComplete { _ in context.close(promise: nil) }
        context.writeAndFlush(data, promise: written)
    }

    /// Says 100 to a sender that asks before it sends (RFC 9110, section 10.1.1), unless the body is too large anyway.
    private func inviteBody(_ head: HTTPRequest, _ context: ChannelHandlerContext) {
        guard unanswered == 1, head.headerFields[.contentLength].flatMap({ Int($0) }) ?? 0 <= limits.bodyBytes else {
            return
        }
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponse(status: .continue))), promise: nil)
    }

    private func wait(_ amount: TimeAmount, _ context: ChannelHandlerContext) {
        deadline = .now() + amount
        arm(context)
    }

    /// Looks at the deadline at the latest after the receive limit: no deadline that is set later can be nearer than
    /// that, but for the linger limit.
    private func arm(_ context: ChannelHandlerContext) {
        let at = min(deadline, .now() + limits.receive)
        if let timer {
            guard deadline < timer.at else { return }
            timer.task.cancel()
        }
        let task = context.eventLoop.assumeIsolated().scheduleTask(deadline: at) { self.fire(context) }
        timer = (at, task)
    }

    private func fire(_ context: ChannelHandlerContext) {
        timer = nil
        guard NIODeadline.now() >= deadline else { return arm(context) }
        if isReceiving, !isClosing {
            isClosing = true
            wait(limits.linger, context)
            context.fireErrorCaught(SlowRequest())
        } else if unanswered > 0, !isReceiving, !hasAnswerBegun {
            let head = HTTPResponse(status: .serviceUnavailable, headerFields: Reply.lateHeaders)
            context.write(wrapOutboundOut(.head(head)), promise: nil)
            finish(NIOAny(HTTPResponsePart.end(nil)), nil, context)
        } else {
            context.close(promise: nil)
        }
    }

    private func cancelTimer() {
        timer?.task.cancel()
        timer = nil
    }
}

@available(*, unavailable)
extension RequestDeadlines: Sendable {}
