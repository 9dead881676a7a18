import BotKit
import ControlPlane
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct FloodTests {
    private let settings = ControlPlaneSettings(refusalsPerMinute: 30)
    private let time = ManualTime(Date(timeIntervalSince1970: 1_772_000_000))

    /// What a forger can send: the header has the right form.
    private let forged = ["X-Forwarded-For": "198.51.100.1, 203.0.113.7", "X-Hub-Signature-256": "forged"]
    /// What the network sends through the same two proxies.
    private let signed = ["X-Forwarded-For": "192.0.2.1, 203.0.113.7", "X-Hub-Signature-256": "good"]

    @Test func `answers 429 to an address that was refused too often, until time has passed`() async throws {
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            func post() async throws -> RawResponse {
                try await request("POST", "/webhook/test", port: server.port, headers: forged, body: "{}")
            }
            for _ in 0..<10 { #expect(try await post().status == 401) }
            let refused = try await post()
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "60")
            time.advance(by: .seconds(2))
            #expect(try await post().status == 401)
        }
    }

    @Test func `takes each signed delivery while its address floods with forged ones`() async throws {
        let endpoint = ScriptedEndpoint(needsSignature: true)
        try await RunningServer.with(settings: settings, webhooks: [endpoint], time: time) { server in
            try await withThrowingTaskGroup(of: [Int].self) { group in
                for flooder in 0..<4 {
                    group.addTask {
                        var statuses: [Int] = []
                        for number in 0..<25 {
                            var headers = forged
                            if (flooder + number) % 3 == 0 { headers["X-Hub-Signature-256"] = nil }
                            let answer = try await request(
                                "POST", "/webhook/test", port: server.port, headers: headers,
                                body: String(repeating: "x", count: 5_000))
                            statuses.append(answer.status)
                        }
                        return statuses
                    }
                }
                for _ in 0..<25 {
                    #expect(
                        try await request("POST", "/webhook/test", port: server.port, headers: signed, body: "{}")
                            .status == 200)
                }
                let refused = try await group.reduce(into: []) { $0 += $1 }
                #expect(refused.filter { $0 == 401 }.count == 10)
                #expect(refused.filter { $0 == 429 }.count == 90)
            }
        }
    }

    @Test func `refuses what carries no signature before a byte of its body came`() async throws {
        let endpoint = ScriptedEndpoint(
            onDeliver: { _ in
                Issue.record("the endpoint was asked")
                return .accepted
            }, needsSignature: true)
        try await RunningServer.with(settings: settings, webhooks: [endpoint], time: time) { server in
            for status in Array(repeating: 401, count: 10) + [429] {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send("POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: 9000\r\n\r\n")
                    let answer = try await connection.response()
                    #expect(answer.status == status)
                    #expect(answer.headers["connection"] == "close")
                }
            }
        }
    }

    @Test func `takes signed deliveries while large bodies that never end fill the memory`() async throws {
        var settings = settings
        settings.maximumBufferedBytes = 200_000
        settings.lingerLimit = .milliseconds(100)
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            func post(_ bytes: Int) async throws -> Int {
                try await request(
                    "POST", "/webhook/test", port: server.port, headers: signed,
                    body: String(repeating: "x", count: bytes)
                ).status
            }
            // A hoarder whose bytes come while a large delivery is read is the one that finds no room: try again.
            for milliseconds in sequence(first: 50, next: { $0 < 6_400 ? $0 * 2 : nil }) {
                let statuses = try await RawConnection.with(port: server.port) { hoarder in
                    try await hoarder.send("POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: 3000000\r\n\r\n")
                    try await hoarder.send(bytes: 250_000)
                    try await Task.sleep(for: .milliseconds(milliseconds))
                    return (try await post(150_000), try await post(60_000))
                }
                #expect(statuses.1 == 200)
                if statuses.0 == 503 { return }
            }
            Issue.record("a large delivery found room each time")
        }
    }

    @Test func `hears signed deliveries when a proxy does not say who floods`() async throws {
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            var statuses: [Int] = []
            for _ in 0..<12 {
                statuses.append(try await request("POST", "/webhook/test", port: server.port, body: "{}").status)
            }
            #expect(statuses == Array(repeating: 401, count: 10) + [429, 429])
            let signed = ["X-Hub-Signature-256": "good"]
            #expect(
                try await request("POST", "/webhook/test", port: server.port, headers: signed, body: "{}").status == 200
            )
        }
    }

    @Test func `counts wrong verify tokens too`() async throws {
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            var statuses: [Int] = []
            let headers = ["X-Forwarded-For": "203.0.113.7"]
            for _ in 0..<11 {
                statuses.append(try await request("GET", "/webhook/test", port: server.port, headers: headers).status)
            }
            #expect(statuses == Array(repeating: 403, count: 10) + [429])
        }
    }

    @Test func `never turns anybody away when the limit is off`() async throws {
        let settings = ControlPlaneSettings(refusalsPerMinute: 0)
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            for _ in 0..<40 {
                let answer = try await request("POST", "/webhook/test", port: server.port, body: "{}")
                #expect(answer.status == 401)
            }
        }
    }
}
