@testable import AIServices
import BotKit
import Hummingbird
import Testing

@Suite struct ModelProbeTests {
    private func finding(_ response: @escaping @Sendable () -> Response) async throws -> ModelProbe.Finding {
        var result: ModelProbe.Finding?
        try await ScriptedServer.run { _, _ in
            response()
        } test: { server in
            result = try await Client.probe(["OPENAI_BASE_URL": server.base]) { await $0.reach() }
            #expect(server.seen.map(\.path) == ["/v1/models"])
        }
        return try #require(result)
    }

    @Test func `tells what it finds`() async throws {
        let list = #"{"object":"list","data":[{"id":"a","object":"model"},{"id":"b"}]}"#
        #expect(try await finding { .json(list) } == .ok(models: ["a", "b"]))
        #expect(try await finding { .failure(401) } == .unauthorized)
        #expect(try await finding { .failure(404) } == .ok(models: []))
        #expect(try await finding { .failure(503) } == .strange("status 503"))
        #expect(try await finding { .html() } == .strange("the answer is no list of models"))
    }

    @Test func `says that nothing listens, and does not wait for a silent server`() async throws {
        let refused = try await Client.probe(["OPENAI_BASE_URL": "http://127.0.0.1:1/v1"]) { await $0.reach() }
        guard case .unreachable = refused else { return #expect(Bool(false), "\(refused)") }
        try await ScriptedServer.run { _, _ in
            try await ScriptedServer.neverAnswer()
        } test: { server in
            let silent = try await Client.probe(["OPENAI_BASE_URL": server.base]) {
                await $0.reach(within: .milliseconds(150))
            }
            guard case .unreachable = silent else { return #expect(Bool(false), "\(silent)") }
        }
    }

    @Test func `asks once and tells what is wrong`() async throws {
        try await ScriptedServer.run { _, before in
            before == 0 ? .chat("yes") : .failure(500)
        } test: { server in
            try await Client.probe(["OPENAI_BASE_URL": server.base]) { probe in
                let answer = try await probe.ask().text
                #expect(answer == "yes")
                await #expect(throws: Outage.self) { try await probe.ask() }
            }
            #expect(server.seen.count == 2)
        }
    }
}
