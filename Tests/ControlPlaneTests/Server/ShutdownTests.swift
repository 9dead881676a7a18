import BotKit
import ControlPlane
import Logging
import ServiceLifecycle
import Synchronization
import Testing
import TestKit

@Suite(.timeLimit(.minutes(1))) struct ShutdownTests {
    @Test func `answers the running requests, and no new ones`() async throws {
        let waiting = Atomic(0)
        let gate = Gate()
        let endpoint = ScriptedEndpoint(onDeliver: { _ in
            waiting.wrappingAdd(1, ordering: .relaxed)
            await gate.wait()
            return .accepted
        })
        try await RunningServer.with(webhooks: [endpoint]) { server in
            let port = server.port
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<8 {
                    group.addTask { try await request("POST", "/webhook/test", port: port, body: "{}").status }
                }
                #expect(await eventually { waiting.load(ordering: .relaxed) == 8 })
                await server.group.triggerGracefulShutdown()
                let isClosed = await eventually {
                    do {
                        return try await request("GET", "/livez", port: port).status != 200
                    } catch {
                        return true
                    }
                }
                #expect(isClosed)
                gate.open()
                for try await status in group { #expect(status == 200) }
            }
        }
    }

    @Test func `is not held up by senders that went away in the middle`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            for start in ["GET /li", "POST /webhook/test HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\n{"] {
                for _ in 0..<10 { try await RawConnection.with(port: server.port) { try await $0.send(start) } }
            }
            #expect(try await request("GET", "/livez", port: server.port).status == 200)
        }
    }

    @Test func `closes idle connections and ends`() async throws {
        try await RunningServer.with { server in
            try await RawConnection.with(port: server.port) { connection in
                try await connection.send("GET /livez HTTP/1.1\r\nHost: a\r\n\r\n")
                #expect(try await connection.response().status == 200)
                await server.group.triggerGracefulShutdown()
                await connection.waitForClose()
            }
        }
    }

    @Test func `refuses deliveries while it drains`() async throws {
        try await RunningServer.with(webhooks: [ScriptedEndpoint()]) { server in
            server.server.beginDraining()
            let answer = try await request("POST", "/webhook/test", port: server.port, body: "{}")
            #expect(answer.status == 503)
            #expect(answer.headers["retry-after"] == "5")
            #expect(answer.body == #"{"error":"shutting_down"}"#)
        }
    }

    @Test func `says what to do when the port is taken`() async throws {
        try await RunningServer.with { server in
            let settings = ControlPlaneSettings(port: server.port)
            let second = ControlPlaneServer(
                settings: settings, metrics: PrometheusMetrics(),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            let early = try #require(throws: Misconfiguration.self) { try settings.checkAddress() }
            #expect(early.key == "HEALTH_PORT")
            #expect(early.description.contains("set HEALTH_PORT to a free port"))
            #expect(throws: Never.self) { try settings.checkHost() }
            let late = await #expect(throws: Misconfiguration.self) { try await second.run() }
            #expect(late == early)
        }
    }

    @Test(arguments: ["203.0.113.7", "no such host"])
    func `says what to do when the address is not ours`(host: String) async throws {
        let settings = ControlPlaneSettings(port: 0, host: host)
        let server = ControlPlaneServer(
            settings: settings, metrics: PrometheusMetrics(),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let early = try #require(throws: Misconfiguration.self) { try settings.checkAddress() }
        #expect(early.key == "HEALTH_HOST")
        #expect(throws: early) { try settings.checkHost() }
        let late = await #expect(throws: Misconfiguration.self) { try await server.run() }
        #expect(late?.key == "HEALTH_HOST")
    }

    @Test func `finds a free port free`() throws {
        try ControlPlaneSettings(port: 0).checkAddress()
    }
}
