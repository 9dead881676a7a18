import BotKit
import ControlPlane
import Foundation
import Testing

@Suite(.timeLimit(.minutes(1))) struct FloodTests {
    private let settings = ControlPlaneSettings(refusalsPerMinute: 30)
    private let time = ManualTime(Date(timeIntervalSince1970: 1_772_000_000))

    @Test func `turns away an address that was refused too often, until time has passed`() async throws {
        let other = ["X-Forwarded-For": "203.0.113.9", "X-Hub-Signature-256": "good"]
        let flood = ["X-Forwarded-For": "198.51.100.1, 203.0.113.7"]
        try await RunningServer.with(settings: settings, webhooks: [ScriptedEndpoint()], time: time) { server in
            for _ in 0..<10 {
                #expect(
                    try await request("POST", "/webhook/test", port: server.port, headers: flood, body: "{}").status
                        == 401)
            }
            var signed = flood
            signed["X-Hub-Signature-256"] = "good"
            let refused = try await request("POST", "/webhook/test", port: server.port, headers: signed, body: "{}")
            #expect(refused.status == 429)
            #expect(refused.headers["retry-after"] == "60")
            #expect(
                try await request("POST", "/webhook/test", port: server.port, headers: other, body: "{}").status == 200)
            time.advance(by: .seconds(2))
            #expect(
                try await request("POST", "/webhook/test", port: server.port, headers: signed, body: "{}").status == 200
            )
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
