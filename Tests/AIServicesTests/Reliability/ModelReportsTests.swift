import BotKit
import Hummingbird
import Synchronization
import Testing

@testable import AIServices

/// What is told of each endpoint and key.
@Suite struct ModelReportsTests {
    private final class Book: ModelReports {
        private let state = Mutex<[String]>([])
        var lines: [String] { state.withLock { $0 } }

        func refused(_ fault: ModelFault, at place: ModelPlace) { note(fault.code, place) }
        func answered(at place: ModelPlace) { note("answered", place) }
        private func note(_ what: String, _ place: ModelPlace) {
            state.withLock { $0.append("\(what) \(place.endpoint) \(place.key + 1)/\(place.keys) \(place.host)") }
        }
    }

    @Test func `refusals are told with endpoint and key, and so is the answer after them`() async throws {
        let book = Book()
        try await ScriptedServer.run { seen, _ in
            switch seen.header("authorization") {
            case "Bearer one": .failure(401)
            case "Bearer two": .failure(429, code: "insufficient_quota")
            default: .chat("Hi")
            }
        } test: { server in
            let settings = ["OPENAI_BASE_URL": server.base, "OPENAI_API_KEYS": "one,two,three"]
            _ = try await Client.with(settings, reports: book) { try await $0.reply(to: .hello) }
        }
        #expect(
            book.lines == [
                "unauthorized 0 1/3 127.0.0.1", "insufficient_quota 0 2/3 127.0.0.1", "answered 0 3/3 127.0.0.1",
            ])
    }

    @Test func `a model that does not exist is told, and an outage is not`() async throws {
        let book = Book()
        try await ScriptedServer.run { _, count in
            count == 0 ? .failure(404, code: "model_not_found") : .failure(503)
        } test: { server in
            let settings = ["OPENAI_BASE_URL": server.base, "OPENAI_API_KEY": "one"]
            try await Client.with(settings, reports: book) { model in
                for _ in 0..<2 { _ = try? await model.reply(to: .hello) }
            }
        }
        #expect(book.lines == ["model_not_found 0 1/1 127.0.0.1"])
    }
}
