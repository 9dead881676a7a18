import BotKit
import ControlPlane
import TestKit
import Testing

@Suite(.timeLimit(.minutes(1))) struct DeadlineTests {
    private func settings(receive: Int = 150, answer: Int = 10_000, idle: Int = 60_000) -> ControlPlaneSettings {
        var settings = ControlPlaneSettings(receiveLimit: .milliseconds(receive) * Duration.slowness)
        settings.answerLimit = .milliseconds(answer) * Duration.slowness
        settings.idleLimit = .milliseconds(idle) * Duration.slowness
        settings.lingerLimit = .seconds(1) * Duration.slowness
        return settings
    }

    @Test func `closes a connection that says nothing`() async throws {
        try await RunningServer.with(settings: settings()) { server in
            try await RawConnection.with(port: server.port) { await $0.waitForClose() }
        }
    }

    @Test func `closes a connection that drips its head`() async throws {
        try await RunningServer.with(settings: settings()) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("GET /healthz HTTP/1.1\r\nHost: a\r\nX-Slow: ")
                await connection.waitForClose()
            }
        }
    }

    @Test func `answers a slow body with 408 however busily it drips`() async throws {
        try await RunningServer.with(settings: settings(), webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: 1000000\r\n\r\n")
                for _ in 0..<20 { try await connection.send("{") }
                let answer = try await connection.response()
                #expect(answer.status == 408)
                #expect(answer.body == #"{"error":"request_timeout"}"#)
                await connection.waitForClose()
            }
        }
    }

    @Test func `answers with 503 when the endpoint takes too long`() async throws {
        let gate = Gate()
        let endpoint = ScriptedEndpoint(onDeliver: { _ in
            await gate.wait()
            return .accepted
        })
        try await RunningServer.with(settings: settings(answer: 200), webhooks: [endpoint]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
                let answer = try await connection.response()
                #expect(answer.status == 503)
                #expect(answer.headers["retry-after"] == "5")
                await connection.waitForClose()
            }
            gate.open()
        }
    }

    @Test func `closes a connection that pauses too long`() async throws {
        try await RunningServer.with(settings: settings(idle: 200)) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().status == 200)
                await connection.waitForClose()
            }
        }
    }

    @Test func `closes when the sender asked for that`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
                #expect(try await connection.response().status == 200)
                await connection.waitForClose()
            }
        }
    }

    private static let malformed = [
        "no request": "GARBAGE\r\n\r\n",
        "a negative length": "GET /livez HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
        "a bad chunk": "POST /webhook/test HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZZ\r\n",
        "a long header": "GET /livez HTTP/1.1\r\nX: \(String(repeating: "a", count: 20_000))\r\n\r\n",
        "many headers": "GET /livez HTTP/1.1\r\n" + String(repeating: "X: a\r\n", count: 200) + "\r\n",
    ]

    @Test(arguments: malformed.keys.sorted())
    func `answers what is no HTTP with 400 and closes`(name: String) async throws {
        let bytes = try #require(Self.malformed[name])
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(bytes)
                #expect(try await connection.response().status == 400)
                await connection.waitForClose()
            }
        }
    }
}
