import BotCore
import BotKit
import HTTPTypes
import Hummingbird
import NIOCore
import Synchronization

/// Whether the program is on its way out.
final class Drain: Sendable {
    private let flag = Atomic(false)
    var hasBegun: Bool { flag.load(ordering: .acquiring) }
    func begin() { flag.store(true, ordering: .releasing) }
}

/// Finds the route of a request by its exact path.
///
/// There is no router and no middleware: a handful of fixed paths, and webhooks that shall cost little.
struct ControlPlaneResponder: HTTPResponder {
    /// What a request brings besides itself.
    struct Context: InitializableFromSource {
        let peer: SocketAddress?
        init(source: ApplicationRequestContextSource) { peer = source.channel.remoteAddress }
    }

    let metrics: PrometheusMetrics
    /// Brings the gauges up to date; its answer says nothing.
    let gauges: Readiness
    let readiness: Readiness
    let webhooks: [WebhookRoute]
    let drain: Drain
    let time: any TimeSource
    /// Of the routes that are no webhooks.
    let health: RequestMetrics
    let unknown: RequestMetrics

    func respond(to request: Request, context: Context) async throws -> Response {
        let start = ContinuousClock.now
        let (response, metrics) = try await route(request, context)
        metrics.record(status: response.status.code, since: start)
        return request.method == .head ? response.createHeadResponse() : response
    }

    /// The answer, and where it is counted.
    private func route(_ request: Request, _ context: Context) async throws -> (Response, RequestMetrics) {
        let target = request.head.path ?? "/"
        let question = target.utf8.firstIndex(of: UInt8(ascii: "?")) ?? target.endIndex
        let path = target[..<question]
        for webhook in webhooks where webhook.endpoint.path == path {
            guard !drain.hasBegun else { return (leaving, webhook.metrics) }
            let query = target[question...].dropFirst()
            return (try await webhook.answer(request, query: query, peer: context.peer), webhook.metrics)
        }
        let make: () async -> Response
        switch path {
        case "/healthz", "/health": make = { status("healthy") }
        case "/livez": make = { status("live") }
        case "/readyz": make = { await ready() }
        case "/metrics": make = { await figures() }
        default: return (Reply.error(.notFound, "not_found"), unknown)
        }
        guard [.get, .head].contains(request.method) else { return (Reply.methodNotAllowed("GET, HEAD"), health) }
        return (await make(), health)
    }

    private func status(_ word: String) -> Response {
        Reply.text(.ok, Reply.json, #"{"status":"\#(word)","timestamp":"\#(Timestamp(time.now))"}"#)
    }

    /// Ready means that every probe says yes and the program means to stay.
    private func ready() async -> Response {
        let answers = drain.hasBegun ? [:] : await readiness.answers()
        let isReady = !drain.hasBegun && readiness.names.allSatisfy { answers[$0] == true }
        let parts = readiness.shown(answers).map { #","\#($0)":\#(answers[$0] == true)"# }.joined()
        return Reply.text(
            isReady ? .ok : .serviceUnavailable, Reply.json,
            #"{"status":"\#(isReady ? "ready" : "not_ready")"\#(parts)}"#)
    }

    private func figures() async -> Response {
        _ = await gauges.answers()
        return Reply.text(.ok, PrometheusMetrics.contentType, metrics.text())
    }

    private var leaving: Response {
        Reply.error(.serviceUnavailable, "shutting_down", closing: true, retryAfter: .seconds(5))
    }
}
