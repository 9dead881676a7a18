import BotKit
import ControlPlane
import Foundation
import Synchronization
import Testing

@Suite(.timeLimit(.minutes(2))) struct WebhookTests {
    private let good = ["X-Hub-Signature-256": "good"]

    @Test func `gives the endpoint the query and returns its answer`() async throws {
        let endpoint = ScriptedEndpoint(onVerify: { query in
            WebhookResponse(
                status: 200, body: "\(query["hub.challenge"] ?? "")|\(query["a b"] ?? "")|\(query["x"] ?? "-")")
        })
        try await RunningServer.with(webhooks: [endpoint]) { server in
            let answer = try await request(
                "GET", "/webhook/test?hub.mode=subscribe&hub.challenge=11%2B58%20%D7%A9&a+b=c+d&hub.challenge=2&x",
                port: server.port)
            #expect(answer.status == 200)
            #expect(answer.body == "11+58 ש|c d|")
            #expect(answer.headers["content-type"] == "text/plain; charset=utf-8")
        }
    }

    @Test func `gives the endpoint the exact bytes of the body`() async throws {
        let seen = Mutex<[UInt8]>([])
        let endpoint = ScriptedEndpoint(onDeliver: { delivery in
            seen.withLock { $0 = delivery.body }
            return WebhookResponse(status: 200, contentType: "application/json", body: "{}")
        })
        let body = #"{"text":"\u05e9\/ \ud83d\ude00"}"# + "\r\n\u{0}"
        try await RunningServer.with(webhooks: [endpoint]) { server in
            let answer = try await request("POST", "/webhook/test", port: server.port, body: body)
            #expect(answer.status == 200)
            #expect(answer.body == "{}")
            #expect(seen.withLock { $0 } == Array(body.utf8))
        }
    }

    @Test func `joins the chunks of a body`() async throws {
        let seen = Mutex("")
        let endpoint = ScriptedEndpoint(onDeliver: { delivery in
            seen.withLock { $0 = String(decoding: delivery.body, as: UTF8.self) }
            return .accepted
        })
        try await RunningServer.with(webhooks: [endpoint]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /webhook/test HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n")
                for part in ["{\"a\":", "\"ש\"", "}"] {
                    try await connection.send("\(String(part.utf8.count, radix: 16))\r\n\(part)\r\n")
                }
                try await connection.send("0\r\n\r\n")
                #expect(try await connection.response().status == 200)
            }
            #expect(seen.withLock { $0 } == #"{"a":"ש"}"#)
        }
    }

    @Test func `passes the endpoint's refusals on`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            #expect(try await request("POST", "/webhook/test", port: server.port, body: "{}").status == 401)
            #expect(try await request("GET", "/webhook/test", port: server.port).status == 403)
            let method = try await request("PUT", "/webhook/test", port: server.port, body: "{}")
            #expect(method.status == 405)
            #expect(method.headers["allow"] == "GET, POST")
        }
    }

    @Test func `says when to come again`() async throws {
        let endpoint = ScriptedEndpoint(onDeliver: { _ in .unavailable })
        try await RunningServer.with(webhooks: [endpoint]) { server in
            let answer = try await request("POST", "/webhook/test", port: server.port, body: "{}")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "5")
        }
    }

    @Test func `takes a body of exactly the limit`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    """
                    POST /webhook/test HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: good\r\nContent-Length: \
                    \(3 << 20)\r\n\r\n
                    """
                )
                try await connection.send(bytes: 3 << 20)
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test func `refuses one byte more before it is sent`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: \(3 << 20 + 1)\r\n\r\n")
                let answer = try await connection.response()
                #expect(answer.status == 413)
                #expect(answer.headers["connection"] == "close")
                #expect(answer.body == #"{"error":"body_too_large"}"#)
            }
        }
    }

    @Test func `refuses one byte more when no length was declared`() async throws {
        var settings = ControlPlaneSettings()
        settings.lingerLimit = .milliseconds(100)
        let endpoint = ScriptedEndpoint(maximumBodyBytes: 1000)
        try await RunningServer.with(settings: settings, webhooks: [endpoint]) { server in
            for (count, status) in [(1000, 200), (1001, 413)] {
                try await RawConnection.with(port: server.port) { connection in
                    try await connection.send(
                        "POST /webhook/test HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: good\r\n"
                            + "Transfer-Encoding: chunked\r\n\r\n\(String(count, radix: 16))\r\n")
                    try await connection.send(bytes: count)
                    try await connection.send("\r\n")
                    // Without the last chunk the refusal must come, and the connection must end, all the same.
                    if status == 200 { try await connection.send("0\r\n\r\n") }
                    #expect(try await connection.response().status == status)
                    if status == 413 { await connection.waitForClose() }
                }
            }
        }
    }

    @Test func `invites the body of a sender that asks first`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send(
                    "POST /webhook/test HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: good\r\nExpect: 100-continue\r\n"
                        + "Content-Length: 2\r\n\r\n")
                #expect(try await connection.response().status == 100)
                try await connection.send("{}")
                #expect(try await connection.response().status == 200)
            }
        }
    }

    @Test func `keeps one connection for many deliveries`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            try await RawConnection.with(port: server.port) { connection in
                let one =
                    "POST /webhook/test HTTP/1.1\r\nHost: a\r\nX-Hub-Signature-256: good\r\nContent-Length: 2\r\n\r\n{}"
                for _ in 0..<3 {
                    try await connection.send(one)
                    #expect(try await connection.response().status == 200)
                }
                try await connection.send(one + one)
                for _ in 0..<2 { #expect(try await connection.response().status == 200) }
            }
        }
    }

    @Test func `holds only so many bytes of bodies at one time`() async throws {
        var settings = ControlPlaneSettings()
        settings.maximumBufferedBytes = 50_000
        let (entered, gate) = (Gate(), Gate())
        let endpoint = ScriptedEndpoint(onDeliver: { _ in
            entered.open()
            await gate.wait()
            return .accepted
        })
        try await RunningServer.with(settings: settings, webhooks: [endpoint]) { server in
            let body = String(repeating: "a", count: 100_000)
            let port = server.port
            async let first = request("POST", "/webhook/test", port: port, body: body)
            await entered.wait()
            let second = try await request("POST", "/webhook/test", port: port, body: body)
            #expect(second.status == 503)
            #expect(second.headers["retry-after"] == "1")
            gate.open()
            #expect(try await first.status == 200)
            #expect(try await request("POST", "/webhook/test", port: port, body: body).status == 200)
        }
    }
}
