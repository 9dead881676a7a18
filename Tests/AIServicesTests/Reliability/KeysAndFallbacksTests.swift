@testable import AIServices
import BotKit
import Foundation
import Hummingbird
import Testing

@Suite struct KeysAndFallbacksTests {
    /// Asks `count` times; the keys that the server saw, and the errors.
    private func ask(
        _ count: Int = 1, keys: String = "one,two,three", time: any TimeSource = HastyTime(),
        _ answer: @escaping @Sendable (String) -> Response
    ) async throws -> (keys: [String], errors: [any Error]) {
        var result: (keys: [String], errors: [any Error]) = ([], [])
        try await ScriptedServer.run { seen, _ in
            answer((seen.header("authorization") ?? "").replacing("Bearer ", with: ""))
        } test: { server in
            try await Client.with(["OPENAI_BASE_URL": server.base, "OPENAI_API_KEYS": keys], time: time) { model in
                for _ in 0..<count {
                    do { _ = try await model.reply(to: .hello) } catch { result.errors.append(error) }
                }
            }
            result.keys = server.seen.map { ($0.header("authorization") ?? "").replacing("Bearer ", with: "") }
        }
        return result
    }

    @Test func `takes the keys in turn`() async throws {
        #expect(try await ask(4) { _ in .chat("Hi") }.keys == ["one", "two", "three", "one"])
    }

    @Test(arguments: [(401, ""), (429, "insufficient_quota")])
    func `lets a refused key rest and uses the others`(status: Int, code: String) async throws {
        let (keys, errors) = try await ask(3) { $0 == "one" ? .failure(status, code: code) : .chat("Hi") }
        #expect(errors.isEmpty)
        #expect(keys == ["one", "two", "three", "two"])
    }

    @Test func `takes another key at once when one has reached its limit`() async throws {
        let time = HastyTime()
        let (keys, errors) = try await ask(2, time: time) {
            $0 == "one" ? .failure(429, ["retry-after": "60"]) : .chat("Hi")
        }
        #expect(errors.isEmpty)
        #expect(keys == ["one", "two", "three"])
        #expect(time.sleeps.isEmpty)
    }

    @Test func `uses a key again when it has rested`() async throws {
        let time = HastyTime()
        let pool = KeyPool(["one", "two"])
        guard case .key(let one) = pool.take(at: time.now) else { return #expect(Bool(false)) }
        #expect(pool.rest(one, until: time.now.addingTimeInterval(10), because: .outage("x", "x"), at: time.now))
        for _ in 0..<3 {
            guard case .key(let key) = pool.take(at: time.now) else { return #expect(Bool(false)) }
            #expect(key.secret == "two")
        }
        try await time.sleep(for: .seconds(10))
        let next = (0..<2).compactMap { _ in if case .key(let key) = pool.take(at: time.now) { key.secret } else { nil }
        }
        #expect(Set(next) == ["one", "two"])
    }

    @Test func `says which setting is wrong when every key is refused, and does not ask for each message`() async throws
    {
        let (keys, errors) = try await ask(2) { _ in .failure(401) }
        #expect(keys == ["one", "two", "three"])
        #expect(errors.compactMap { ($0 as? ModelFault)?.code } == ["unauthorized", "unauthorized"])
    }

    @Test func `asks again with a lone key, for it may have been mended`() async throws {
        #expect(try await ask(2, keys: "one") { _ in .failure(401) }.keys == ["one", "one"])
    }

    @Test func `holds back further messages until a lone key may be used again`() async throws {
        let time = HastyTime()
        let (keys, errors) = try await ask(keys: "one", time: time) { _ in .failure(429, ["retry-after": "30"]) }
        #expect(keys.count == 3)
        #expect(errors.count == 1)
        #expect(time.sleeps.filter { $0 > 29 }.count == 2)
    }

    @Test func `asks the next endpoint in order, with its own key and model`() async throws {
        try await ScriptedServer.run { seen, _ in
            switch seen.path {
            case "/a/v1/chat/completions": .failure(404, code: "model_not_found")
            case "/b/v1/chat/completions": .failure(500)
            default: .chat("Third")
            }
        } test: { server in
            let root = "http://127.0.0.1:\(server.port)"
            let variables = [
                "OPENAI_BASE_URL": "\(root)/a/v1", "OPENAI_API_KEY": "a", "SECOND_KEY": "b",
                "LLM_FALLBACKS": "\(root)/b/v1|model-b|SECOND_KEY, \(root)/c/v1|model-c",
            ]
            let reply = try await Client.with(variables) { try await $0.reply(to: .hello) }
            #expect(reply.text == "Third")
            #expect(server.seen.map { String($0.path.dropFirst().prefix(1)) } == ["a", "b", "b", "b", "c"])
            #expect(
                server.seen.map { $0.header("authorization") } == ["Bearer a"] + Array(repeating: "Bearer b", count: 3)
                    + [nil])
            #expect(server.seen.last?.json["model"] == "model-c")
        }
    }

    @Test func `tells what the first endpoint said when none answers, and asks nobody else about a refusal`()
        async throws
    {
        try await ScriptedServer.run { seen, before in
            if before < 2 { return seen.path.hasPrefix("/a") ? .failure(401) : .failure(404, code: "model_not_found") }
            return .failure(400, code: "content_policy_violation")
        } test: { server in
            let root = "http://127.0.0.1:\(server.port)"
            let variables = ["OPENAI_BASE_URL": "\(root)/a/v1", "LLM_FALLBACKS": "\(root)/b/v1|m"]
            try await Client.with(variables) { model in
                let fault = await #expect(throws: ModelFault.self) { try await model.reply(to: .hello) }
                #expect(fault?.code == "unauthorized")
                await #expect(throws: Refusal.self) { try await model.reply(to: .hello) }
            }
            #expect(server.seen.count == 3)
        }
    }

    @Test func `stops when the time for everything is over`() async throws {
        let time = HastyTime()
        try await ScriptedServer.run { _, _ in
            .failure(503, ["retry-after": "90"])
        } test: { server in
            let variables = ["OPENAI_BASE_URL": server.base, "LLM_TIMEOUT": "100000", "OPENAI_MAX_RETRIES": "5"]
            await #expect(throws: Outage.self) {
                try await Client.with(variables, time: time) { try await $0.reply(to: .hello) }
            }
            #expect(server.seen.count == 2)
        }
    }
}
