import ControlPlane
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(1))) struct HealthTests {
    private let yes = [
        ReadinessProbe(name: "whatsapp") { true }, ReadinessProbe(name: "openai") { true },
    ]

    private func object(_ text: String) throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    }

    @Test(arguments: [("/healthz", "healthy"), ("/health", "healthy"), ("/livez", "live"), ("/healthz?x=1", "healthy")])
    func `says that it is alive, and when`(path: String, word: String) async throws {
        try await RunningServer.with { server in
            let answer = try await request("GET", path, port: server.port)
            #expect(answer.status == 200)
            #expect(answer.headers["content-type"] == "application/json; charset=utf-8")
            let body = try object(answer.body)
            #expect(Set(body.keys) == ["status", "timestamp"])
            #expect(body["status"] as? String == word)
            let timestamp = try #require(body["timestamp"] as? String)
            let date = try Date(timestamp, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
            #expect(abs(date.timeIntervalSinceNow) < 60)
        }
    }

    @Test func `is ready when every probe says yes`() async throws {
        try await RunningServer.with(probes: yes) { server in
            let answer = try await request("GET", "/readyz", port: server.port)
            #expect(answer.status == 200)
            #expect(answer.body == #"{"status":"ready","whatsapp":true,"openai":true}"#)
        }
    }

    @Test func `is not ready when one probe says no or hangs`() async throws {
        var settings = ControlPlaneSettings()
        settings.probeLimit = .milliseconds(50)
        let gate = Gate()
        let hanging = ReadinessProbe(name: "openai") {
            await gate.wait()
            return true
        }
        try await RunningServer.with(settings: settings, probes: [yes[0], hanging]) { server in
            let answer = try await request("GET", "/readyz", port: server.port)
            #expect(answer.status == 503)
            #expect(answer.body == #"{"status":"not_ready","whatsapp":true,"openai":false}"#)
            gate.open()
        }
    }

    @Test func `names what is only spoken of in trouble`() async throws {
        let isWell = Atomic(true)
        var settings = ControlPlaneSettings()
        settings.probeLifetime = .zero
        let storage = ReadinessProbe(name: "storage", isShownWhenWell: false) { isWell.load(ordering: .relaxed) }
        try await RunningServer.with(settings: settings, probes: yes + [storage]) { server in
            let well = try await request("GET", "/readyz", port: server.port)
            #expect(well.body == #"{"status":"ready","whatsapp":true,"openai":true}"#)
            isWell.store(false, ordering: .relaxed)
            let ill = try await request("GET", "/readyz", port: server.port)
            #expect(ill.status == 503)
            #expect(ill.body == #"{"status":"not_ready","whatsapp":true,"openai":true,"storage":false}"#)
        }
    }

    @Test func `is not ready while it drains, and healthy still`() async throws {
        try await RunningServer.with(probes: yes) { server in
            server.server.beginDraining()
            let ready = try await request("GET", "/readyz", port: server.port)
            #expect(ready.status == 503)
            #expect(try object(ready.body)["status"] as? String == "not_ready")
            #expect(try await request("GET", "/healthz", port: server.port).status == 200)
        }
    }

    @Test(arguments: ["/", "/healthz/", "/HEALTHZ", "/metrics/../healthz", "/webhook/other", "/%68ealthz"])
    func `answers other paths with 404 in JSON`(path: String) async throws {
        try await RunningServer.with { server in
            let answer = try await request("GET", path, port: server.port)
            #expect(answer.status == 404)
            #expect(answer.body == #"{"error":"not_found"}"#)
        }
    }

    @Test func `refuses other methods and names the right ones`() async throws {
        try await RunningServer.with { server in
            for path in ["/healthz", "/health", "/livez", "/readyz", "/metrics"] {
                let answer = try await request("DELETE", path, port: server.port)
                #expect(answer.status == 405)
                #expect(answer.headers["allow"] == "GET, HEAD")
            }
        }
    }

    @Test func `answers HEAD with the head alone`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "HEAD /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                let head = try await connection.response(to: "HEAD")
                let whole = try await connection.response()
                #expect(head.status == 200)
                #expect(head.headers["content-length"] == whole.headers["content-length"])
                #expect(whole.body.hasPrefix(#"{"status":"live""#))
                try await connection.send(
                    "HEAD /nothing HTTP/1.1\r\nHost: a\r\n\r\nGET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response(to: "HEAD").status == 404)
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test func `shows metrics, and no banner`() async throws {
        try await RunningServer.with { server in
            _ = try await request("GET", "/healthz", port: server.port)
            let answer = try await request("GET", "/metrics", port: server.port)
            #expect(answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8")
            #expect(answer.headers["server"] == nil)
            #expect(answer.headers["x-content-type-options"] == "nosniff")
            #expect(answer.headers["cache-control"] == "no-store")
            #expect(answer.body.contains(#"http_requests_total{code="200",route="own"} 1"#))
        }
    }
}
