import BotKit
import ControlPlane
import Logging
import ServiceLifecycle
import TestKit

/// A control plane on a free port, for the time of a test.
struct RunningServer {
    let port: Int
    let server: ControlPlaneServer
    let group: ServiceGroup

    static func with(
        settings: ControlPlaneSettings = ControlPlaneSettings(), metrics: PrometheusMetrics = PrometheusMetrics(),
        probes: [ReadinessProbe] = [], webhooks: [any WebhookEndpoint] = [], time: any TimeSource = SystemTime(),
        _ body: (RunningServer) async throws -> Void
    ) async throws {
        var settings = settings
        settings.port = 0
        let (ports, started) = AsyncStream<Int>.makeStream()
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let server = ControlPlaneServer(
            settings: settings, metrics: metrics, probes: probes, webhooks: webhooks, time: time, logger: logger
        ) { port in started.yield(port) }
        let group = ServiceGroup(configuration: .init(services: [.init(service: server)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask {
                defer { started.finish() }
                try await group.run()
            }
            for await port in ports {
                try await body(RunningServer(port: port, server: server, group: group))
                break
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }
}

/// An endpoint whose answers a test gives.
struct ScriptedEndpoint: WebhookEndpoint {
    var path = "/webhook/test"
    var maximumBodyBytes = 3 << 20
    var onVerify: @Sendable ([String: String]) async -> WebhookResponse = { _ in .forbidden }
    var onDeliver: @Sendable (WebhookDelivery) async -> WebhookResponse = { delivery in
        delivery.header("X-Hub-Signature-256") == "good" ? .accepted : .unauthorized
    }
    /// Whether what has no signature is refused unread.
    var needsSignature = false
    func mightBeGenuine(_ header: (String) -> String?) -> Bool {
        !needsSignature || header("X-Hub-Signature-256") != nil
    }
    func verify(_ query: [String: String]) async -> WebhookResponse { await onVerify(query) }
    func deliver(_ delivery: WebhookDelivery) async -> WebhookResponse { await onDeliver(delivery) }
}

/// Lets a test wait for a point in an endpoint, and an endpoint for the test.
struct Gate {
    private let stream: AsyncStream<Void>
    private let continuation: AsyncStream<Void>.Continuation
    init() { (stream, continuation) = AsyncStream.makeStream() }
    func open() { continuation.finish() }
    func wait() async { for await _ in stream {} }
}
