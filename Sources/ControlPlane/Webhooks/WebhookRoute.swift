import BotKit
import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes
import Synchronization

/// The requests to one webhook: it reads their bodies within limits and lets the endpoint answer.
///
/// A delivery is never turned away for what others did who share its address: behind proxies all senders may have one.
/// The limit of refusals decides only how a refused request is answered, and what carries no signature is refused
/// unread.
final class WebhookRoute: Sendable {
    let endpoint: any WebhookEndpoint
    let metrics: RequestMetrics
    private let refusals: RefusalLimit
    private let memory: BodyMemory
    private let onForgery: @Sendable (_ path: String) -> Void

    /// - Parameter onForgery: hears of each request whose sender did not prove themselves.
    init(
        _ endpoint: any WebhookEndpoint, metrics: RequestMetrics, refusals: RefusalLimit, memory: BodyMemory,
        onForgery: @escaping @Sendable (_ path: String) -> Void
    ) {
        self.onForgery = onForgery
        self.endpoint = endpoint
        self.metrics = metrics
        self.refusals = refusals
        self.memory = memory
    }

    /// - Parameter query: what follows the question mark.
    func answer(_ request: Request, query: Substring, peer: SocketAddress?) async throws -> Response {
        switch request.method {
        case .post:
            return try await deliver(request, peer: peer)
        case .get:
            if refusals.hasRefused {
                let sender = sender(of: request, peer)
                if !sender.isShared, refusals.isExhausted(sender.text) { return tooMany }
            }
            return judged(Reply.webhook(await endpoint.verify(QueryString.values(query))), request, peer)
        default:
            return Reply.methodNotAllowed("GET, POST")
        }
    }

    private func deliver(_ request: Request, peer: SocketAddress?) async throws -> Response {
        let limit = endpoint.maximumBodyBytes
        let declared = request.headers[.contentLength].flatMap { Int($0) } ?? 0
        guard declared <= limit else { return judged(tooLarge, request, peer) }
        let headers = request.headers
        let find: @Sendable (String) -> String? = { name in HTTPField.Name(name).flatMap { headers[$0] } }
        guard endpoint.mightBeGenuine(find) else { return judged(unsigned, request, peer) }

        var lease = BodyMemory.Lease(memory)
        var body: [UInt8] = []
        do {
            for try await chunk in request.body {
                guard body.count + chunk.readableBytes <= limit else { return judged(tooLarge, request, peer) }
                guard lease.take(chunk.readableBytes) else { return busy }
                // What is declared need not come, so that it is believed only in part.
                if body.isEmpty { body.reserveCapacity(max(chunk.readableBytes, min(declared, 65_536))) }
                body.append(contentsOf: chunk.readableBytesView)
            }
        } catch is SlowRequest {
            return judged(Reply.error(.requestTimeout, "request_timeout", closing: true), request, peer)
        }
        guard declared <= body.count else { return Reply.error(.badRequest, "incomplete_body", closing: true) }
        let delivery = WebhookDelivery(body: body, header: find)
        return judged(Reply.webhook(await endpoint.deliver(delivery)), request, peer)
    }

    /// Takes note of a refusal, and turns one too many into 429.
    private func judged(_ response: Response, _ request: Request, _ peer: SocketAddress?) -> Response {
        switch response.status.code {
        case 401, 403, 408, 413:
            if [401, 403].contains(response.status.code) { onForgery(endpoint.path) }
            guard refusals.note(sender(of: request, peer).text) else { return response }
            var many = tooMany
            if response.headers[.connection] == nil { many.headers[.connection] = nil }
            return many
        default: return response
        }
    }

    private func sender(of request: Request, _ peer: SocketAddress?) -> SenderAddress {
        SenderAddress(peer: peer, forwarded: request.headers[.forwardedFor])
    }

    private var tooMany: Response {
        Reply.error(.tooManyRequests, "too_many_refused_requests", closing: true, retryAfter: .seconds(60))
    }
    private var unsigned: Response { Reply.error(.unauthorized, "not_signed", closing: true) }
    private var tooLarge: Response { Reply.error(.contentTooLarge, "body_too_large", closing: true) }
    private var busy: Response {
        Reply.error(.serviceUnavailable, "busy", closing: true, retryAfter: .seconds(1))
    }
}

extension HTTPField.Name {
    /// Who asks, as proxies say it: one address for each of them.
    fileprivate static let forwardedFor: Self? = Self("X-Forwarded-For")
}

extension HTTPFields {
    fileprivate subscript(name: HTTPField.Name?) -> String? { name.flatMap { self[$0] } }
}

/// Counts the bytes of all bodies that are in memory, which slow senders could otherwise fill.
///
/// The beginning of each body is not counted: an ordinary delivery finds room when large ones fill the rest. All of
/// that together is bounded by the number of connections.
final class BodyMemory: Sendable {
    /// The bytes of a body that are not counted.
    static let free = 65_536
    private let limit: Int
    private let used = Atomic(0)

    init(limit: Int) { self.limit = limit }

    /// Bytes of one request, given back when it is done.
    struct Lease: ~Copyable {
        private let memory: BodyMemory
        private var bytes = 0
        private var counted: Int { max(0, bytes - BodyMemory.free) }

        init(_ memory: BodyMemory) { self.memory = memory }

        /// - Returns: `false` when there is no room.
        mutating func take(_ count: Int) -> Bool {
            let before = counted
            bytes += count
            let more = counted - before
            guard more > 0, memory.used.wrappingAdd(more, ordering: .relaxed).newValue > memory.limit else {
                return true
            }
            memory.used.wrappingSubtract(more, ordering: .relaxed)
            bytes -= count
            return false
        }

        deinit { memory.used.wrappingSubtract(counted, ordering: .relaxed) }
    }
}
