import ControlPlane
import CoreMetrics
import Testing
import TestKit

/// The checker of Prometheus itself reads what we write.
@Suite struct PromtoolTests {
    @Test func `accepts every kind of metric without a remark`() async throws {
        let metrics = PrometheusMetrics(help: ["outbox_depth": "Replies that wait to be sent."])
        for step in ["open", "guard", "answer"] {
            Timer(label: "turn_seconds", dimensions: [("step", step)], factory: metrics).recordMilliseconds(12)
        }
        Counter(label: "turns_total", dimensions: [("outcome", "answered"), ("feature", "chat")], factory: metrics)
            .increment()
        FloatingPointCounter(label: "ai_cost_usd", factory: metrics).increment(by: 0.000_012)
        Gauge(label: "outbox_depth", factory: metrics).record(3)
        Meter(label: "provider_connected", dimensions: [("provider", "cloud")], factory: metrics).set(1)
        Recorder(label: "ai_tokens", factory: metrics).record(731)
        Counter(label: "hostile", dimensions: [("text", "a\"b\\c\nd ש\u{202E}"), ("le", "x")], factory: metrics)
            .increment()
        let result = try await Promtool.check(metrics.text())
        #expect(result.output + result.errors == "")
        #expect(result.status == 0)
    }

    @Test func `accepts what a running server shows`() async throws {
        let metrics = PrometheusMetrics()
        try await RunningServer.with(metrics: metrics, webhooks: [ScriptedEndpoint()]) { server in
            for path in ["/healthz", "/readyz", "/webhook/test", "/nothing"] {
                _ = try await request("GET", path, port: server.port)
            }
            let answer = try await request("GET", "/metrics", port: server.port)
            let result = try await Promtool.check(answer.body)
            #expect(result.output + result.errors == "")
            #expect(result.status == 0)
        }
    }

    @Test func `finds a fault when there is one`() async throws {
        #expect(try await Promtool.check("# TYPE a counter\na{b=\"c} 1\n").status != 0)
    }
}
