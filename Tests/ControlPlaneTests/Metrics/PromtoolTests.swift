import ControlPlane
import CoreMetrics
import Foundation
import Testing

/// The checker of Prometheus itself reads what we write.
@Suite struct PromtoolTests {
    /// - Returns: the exit status and what `promtool check metrics` says.
    private func check(_ text: String) throws -> (status: Int32, output: String) {
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin"
        let tool = path.split(separator: ":").map { "\($0)/promtool" }
            .first { FileManager.default.isExecutableFile(atPath: $0) }
        let promtool = try #require(
            tool, "promtool is not in PATH. `make test` installs it (Debian package: prometheus).")
        let process = Process()
        process.executableURL = URL(filePath: promtool)
        process.arguments = ["check", "metrics"]
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try text.write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let output = Pipe()
        process.standardInput = try FileHandle(forReadingFrom: file)
        process.standardOutput = output
        process.standardError = output
        try process.run()
        let said = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
        while process.isRunning { usleep(1_000) }
        return (process.terminationStatus, said)
    }

    @Test func `accepts every kind of metric without a remark`() throws {
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
        let result = try check(metrics.text())
        #expect(result.output == "")
        #expect(result.status == 0)
    }

    @Test func `accepts what a running server shows`() async throws {
        let metrics = PrometheusMetrics()
        try await RunningServer.with(metrics: metrics, webhooks: [ScriptedEndpoint()]) { server in
            for path in ["/healthz", "/readyz", "/webhook/test", "/nothing"] {
                _ = try await request("GET", path, port: server.port)
            }
            let answer = try await request("GET", "/metrics", port: server.port)
            let result = try check(answer.body)
            #expect(result.output == "")
            #expect(result.status == 0)
        }
    }

    @Test func `finds a fault when there is one`() throws {
        #expect(try check("# TYPE a counter\na{b=\"c} 1\n").status != 0)
    }
}
