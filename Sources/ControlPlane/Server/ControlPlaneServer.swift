public import BotKit
import Foundation
import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import ServiceLifecycle

/// The HTTP server for health, metrics and webhooks.
///
/// | Path | Answer |
/// | --- | --- |
/// | `/healthz`, `/health` | 200 `{"status":"healthy","timestamp":…}` |
/// | `/livez` | 200 `{"status":"live","timestamp":…}` |
/// | `/readyz` | 200 `{"status":"ready","whatsapp":true,…}`, or 503 with `not_ready` |
/// | `/metrics` | Prometheus text |
/// | the webhooks' paths | what their endpoints answer |
///
/// At shutdown it stops listening, answers new deliveries with 503, and returns when the running requests are
/// answered.
public struct ControlPlaneServer: Service {
    private let settings: ControlPlaneSettings
    private let responder: ControlPlaneResponder
    private let drain = Drain()
    private let logger: Logger
    private let onListening: @Sendable (Int) async -> Void

    /// - Parameters:
    ///   - metrics: what `/metrics` shows; the server's own counters go there too.
    ///   - refresh: brings the gauges up to date; asked before `/metrics` is answered, which waits for it only so long.
    ///   - probes: asked by `/readyz`, in this order.
    ///   - onListening: is called with the port once requests are answered.
    ///   - onForgery: hears of each request to a webhook whose sender did not prove themselves; must not wait.
    public init(
        settings: ControlPlaneSettings, metrics: PrometheusMetrics, refresh: @escaping @Sendable () async -> Void = {},
        probes: [ReadinessProbe] = [],
        webhooks: [any WebhookEndpoint] = [], time: any TimeSource = SystemTime(), logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in },
        onForgery: @escaping @Sendable (_ path: String) -> Void = { _ in }
    ) {
        self.settings = settings
        self.logger = logger
        self.onListening = onListening
        let refusals = RefusalLimit(perMinute: settings.refusalsPerMinute, time: time)
        let memory = BodyMemory(limit: settings.maximumBufferedBytes)
        responder = ControlPlaneResponder(
            metrics: metrics,
            gauges: Readiness(
                probes: [
                    ReadinessProbe(name: "gauges") {
                        await refresh()
                        return true
                    }
                ], limit: settings.gaugeLimit, lifetime: settings.probeLifetime, time: time),
            readiness: Readiness(
                probes: probes, limit: settings.probeLimit, lifetime: settings.probeLifetime, time: time),
            webhooks: webhooks.map {
                WebhookRoute(
                    $0, metrics: RequestMetrics(route: $0.path, metrics: metrics), refusals: refusals, memory: memory,
                    onForgery: onForgery)
            },
            drain: drain, time: time, health: RequestMetrics(route: "own", metrics: metrics),
            unknown: RequestMetrics(route: "unknown", metrics: metrics))
    }

    /// Refuses deliveries and says `not_ready` from now on; the shutdown does this by itself.
    public func beginDraining() { drain.begin() }

    /// Answers requests until the shutdown.
    /// - Throws: `Misconfiguration` when the port cannot be opened.
    public func run() async throws {
        let (readiness, gauges) = (responder.readiness, responder.gauges)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await readiness.run() }
            group.addTask { await gauges.run() }
            try await withGracefulShutdownHandler {
                do {
                    try await application.run()
                } catch let error as IOError {
                    throw AddressCheck(host: settings.host, port: settings.port).failure(error.errnoCode)
                } catch is SocketAddressError.UnknownHost {
                    throw AddressCheck(host: settings.host, port: settings.port).unknownHost
                }
            } onGracefulShutdown: {
                drain.begin()
            }
            group.cancelAll()
        }
    }

    private var application: Application<ControlPlaneResponder> {
        let limits = RequestDeadlines.Limits(
            receive: TimeAmount(settings.receiveLimit), answer: TimeAmount(settings.answerLimit),
            idle: TimeAmount(settings.idleLimit), linger: TimeAmount(settings.lingerLimit),
            bodyBytes: responder.webhooks.map(\.endpoint.maximumBodyBytes).max() ?? 0)
        var quiet = logger
        // The server tells of every connection that breaks, which is nothing to act on.
        quiet.logLevel = max(logger.logLevel, .notice)
        let (onListening, logger) = (onListening, logger)
        return Application(
            responder: responder,
            server: .http1(
                configuration: .init(
                    additionalChannelHandlers: [RequestDeadlines(limits)],
                    httpDecoderConfiguration: .init(
                        maxHeaderFieldSize: 16_384, maxHeaderListSize: 32_768, maxHeaderFieldCount: 100))),
            configuration: .init(
                address: .hostname(settings.host, port: settings.port), serverName: nil,
                availableConnectionsDelegate: MaximumAvailableConnections(settings.maximumConnections, logger: quiet)),
            onServerRunning: { channel in
                let port = channel.localAddress?.port ?? 0
                logger.info("Health, metrics and webhooks are served", metadata: ["port": .stringConvertible(port)])
                await onListening(port)
            },
            logger: quiet)
    }
}
