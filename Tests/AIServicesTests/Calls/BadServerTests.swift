@testable import AIServices
import AsyncHTTPClient
import BotKit
import Foundation
import Hummingbird
import NIOCore
import Synchronization
import Testing
import TestKit

@Suite(.timeLimit(.minutes(1))) struct BadServerTests {
    /// The error that a bad server causes, and how often it was asked.
    private func outcome(
        _ variables: [String: String] = [:], time: any TimeSource = HastyTime(),
        _ answer: @escaping @Sendable (Int) async throws -> Response
    ) async throws -> (error: (any Error)?, requests: Int) {
        var result: ((any Error)?, Int) = (nil, 0)
        try await ScriptedServer.run { _, before in
            try await answer(before)
        } test: { server in
            let all = ["OPENAI_BASE_URL": server.base, "OPENAI_API_KEY": "sk-test"].merging(variables) { $1 }
            do {
                _ = try await Client.with(all, time: time) { try await $0.reply(to: .hello) }
            } catch { result.0 = error }
            result.1 = server.seen.count
        }
        return result
    }

    @Test func `names the address when a web page answers`() async throws {
        for status in [200, 404, 302] {
            let (error, requests) = try await outcome { _ in .html(status: status) }
            let fault = try #require(error as? ModelFault)
            #expect(fault.code == "bad_answer")
            #expect(fault.remedy.contains("OPENAI_BASE_URL"))
            #expect(requests == 1)
        }
        let (error, requests) = try await outcome { _ in .html(status: 502) }
        #expect(error is Outage)
        #expect(requests == 3)
    }

    @Test(arguments: [
        (401, "invalid_api_key", "", "unauthorized", "OPENAI_API_KEY"),
        (403, "", "", "unauthorized", "OPENAI_API_KEY"),
        (404, "model_not_found", "", "model_not_found", "OPENAI_GPT_MODEL"),
        (404, "", "model 'x' not found, try pulling it first", "model_not_found", "OPENAI_GPT_MODEL"),
        (429, "insufficient_quota", "", "insufficient_quota", "OPENAI_API_KEY"),
        (402, "", "", "insufficient_quota", "OPENAI_API_KEY"),
        (400, "context_length_exceeded", "", "context_too_long", "send less"),
        (400, "", "the request exceeds the available context size", "context_too_long", "send less"),
        (413, "", "", "context_too_long", "send less"),
        (400, "", "unknown field", "bad_request", "OPENAI_GPT_MODEL"),
        (422, "", "", "bad_request", "OPENAI_GPT_MODEL"),
    ])
    func `says what the operator must mend and does not ask again`(
        status: Int, code: String, message: String, expected: String, setting: String
    ) async throws {
        let (error, requests) = try await outcome { _ in .failure(status, code: code, message: message) }
        let fault = try #require(error as? ModelFault)
        #expect(fault.code == expected)
        #expect(fault.remedy.contains(setting))
        #expect(requests == 1)
    }

    @Test func `turns a declined request into a refusal`() async throws {
        let (error, requests) = try await outcome { _ in .failure(400, code: "content_policy_violation") }
        #expect((error as? Refusal)?.reason == "model_declined")
        #expect(requests == 1)
    }

    @Test(arguments: [408, 409, 429, 500, 503]) func `asks three times when time may help`(status: Int) async throws {
        let time = HastyTime()
        let (error, requests) = try await outcome(time: time) { _ in .failure(status) }
        #expect(error is Outage)
        #expect(requests == 3)
        #expect(time.sleeps.count == 2)
        #expect((0.375...0.5).contains(time.sleeps[0]))
        #expect((0.75...1).contains(time.sleeps[1]))
    }

    @Test func `lets the server decide whether to ask again`() async throws {
        #expect(try await outcome { _ in .failure(500, ["x-should-retry": "false"]) }.requests == 1)
        #expect(try await outcome { _ in .failure(400, ["x-should-retry": "true"]) }.requests == 3)
        #expect(
            try await outcome { _ in .failure(429, code: "insufficient_quota", ["x-should-retry": "true"]) }.requests
                == 1)
    }

    @Test func `waits as long as the server asks, but not for minutes`() async throws {
        let time = HastyTime()
        _ = try await outcome(time: time) { before in
            before == 0 ? .failure(429, ["retry-after-ms": "2500", "retry-after": "9"]) : .chat("Hi")
        }
        #expect(time.sleeps.map { $0.rounded(toPlaces: 3) } == [2.5])
        let (error, requests) = try await outcome { _ in .failure(503, ["retry-after": "3600"]) }
        #expect(requests == 1)
        #expect((error as? Outage)?.retryAfter == .seconds(3600))
    }

    @Test func `takes a stream that breaks off for a failure`() async throws {
        struct Cut: Error {}
        let start = "data: {\"choices\":[{\"delta\":{\"content\":\"Half\"}}]}\n\n"
        let answers: [@Sendable () -> Response] = [
            { .stream([start]) }, { .stream([start, "data: [DONE]\n\n"]) },
            { .stream([start]) { throw Cut() } }, { .stream([start, "data: {\"choices\":[\n\n"]) },
            { .stream([start, "data: {\"error\":{\"message\":\"x\",\"type\":\"server_error\"}}\n\n"]) },
            { .stream([]) }, { .text("", type: "text/event-stream") },
        ]
        for broken in answers {
            let (error, requests) = try await outcome { before in before == 0 ? broken() : .chat("Hi") }
            #expect(error == nil)
            #expect(requests == 2)
        }
    }

    @Test func `reads an error inside a stream`() async throws {
        let (error, requests) = try await outcome { _ in
            .stream(["data: {\"error\":{\"message\":\"x\",\"code\":\"context_length_exceeded\"}}\n\n"])
        }
        #expect((error as? ModelFault)?.code == "context_too_long")
        #expect(requests == 1)
    }

    @Test func `cuts an endless stream by size and by time`() async throws {
        let chunk = "data: {\"choices\":[{\"delta\":{\"content\":\"\(String(repeating: "x", count: 60_000))\"}}]}\n\n"
        let (large, requests) = try await outcome { _ in
            .stream([]) { ByteBuffer(string: chunk) }
        }
        #expect(large is Outage)
        #expect(requests == 1)
        let (line, _) = try await outcome { _ in
            .stream(["data: "]) { ByteBuffer(repeating: 0x61, count: 65_536) }
        }
        #expect(line is Outage)
        let limits = [
            "OPENAI_TIMEOUT": "\(1000 * Duration.slowness)", "OPENAI_IDLE_TIMEOUT": "\(900 * Duration.slowness)",
        ]
        let (slow, asked) = try await outcome(limits) { _ in
            .stream([]) {
                try await Task.sleep(for: .milliseconds(20))
                return ByteBuffer(string: ": keep\n\n")
            }
        }
        #expect((slow as? Outage)?.description.contains("in time") == true)
        #expect(asked == 3)
    }

    @Test func `an attempt that takes too long is repeated as the vendor's rule says`() async throws {
        let time = HastyTime()
        let limits = ["OPENAI_TIMEOUT": "\(1000 * Duration.slowness)"]
        let (error, requests) = try await outcome(limits, time: time) { before in
            before < 2 ? try await ScriptedServer.neverAnswer() : .chat("Hi")
        }
        #expect(error == nil)
        #expect(requests == 3)
        #expect(time.sleeps.count == 2 && (0.375...0.5).contains(time.sleeps[0]))
        let (last, asked) = try await outcome(limits.merging(["OPENAI_MAX_RETRIES": "1"]) { $1 }) { _ in
            try await ScriptedServer.neverAnswer()
        }
        #expect((last as? Outage)?.description.contains("in time") == true)
        #expect(asked == 2)
    }

    @Test func `nothing is repeated once the time for all attempts is over`() async throws {
        let limits = ["OPENAI_TIMEOUT": "60000", "LLM_TIMEOUT": "\(1000 * Duration.slowness)"]
        let (error, requests) = try await outcome(limits, time: SystemTime()) { _ in
            try await ScriptedServer.neverAnswer()
        }
        #expect(error is Outage)
        #expect(requests == 1)
    }

    @Test func `a slow server leaves the next one its time`() async throws {
        // After the first attempt there is time for one more, but then not enough for the server behind.
        for (attempt, total, expected) in [(4_000, 8_000, 1), (1_000, 60_000, 3)] {
            try await ScriptedServer.run { _, _ in
                .chat("from the next")
            } test: { next in
                try await ScriptedServer.run { _, _ in
                    try await ScriptedServer.neverAnswer()
                } test: { slow in
                    let reply = try await Client.with(
                        [
                            "OPENAI_BASE_URL": slow.base, "OPENAI_TIMEOUT": "\(attempt * Duration.slowness)",
                            "LLM_TIMEOUT": "\(total * Duration.slowness)", "LLM_FALLBACKS": "\(next.base)|m-2",
                        ], time: SystemTime()
                    ) { try await $0.reply(to: .hello) }
                    #expect(reply.text == "from the next")
                    #expect(slow.seen.count == expected)
                }
            }
        }
    }

    @Test func `does not wait for a server that has fallen silent`() async throws {
        let (error, requests) = try await outcome(["OPENAI_IDLE_TIMEOUT": "\(1_000 * Duration.slowness)"]) { before in
            switch before {
            case 0: .stream([": hello\n\n"]) { try await ScriptedServer.neverAnswer() }
            case 1:
                try await ScriptedServer.neverAnswer()
            default: .chat("Hi")
            }
        }
        #expect(error == nil)
        #expect(requests == 3)
    }

    @Test func `returns a whole answer although the server keeps the stream open`() async throws {
        let done =
            "data: {\"choices\":[{\"delta\":{\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"
        let (error, _) = try await outcome { _ in
            .stream([done]) { try await ScriptedServer.neverAnswer() }
        }
        #expect(error == nil)
    }

    @Test func `is an outage when nothing listens`() async throws {
        let time = HastyTime()
        let error = await #expect(throws: Outage.self) {
            try await Client.with(["OPENAI_BASE_URL": "http://127.0.0.1:1/v1"], time: time) {
                try await $0.reply(to: .hello)
            }
        }
        #expect(error?.part == "model")
        #expect(time.sleeps.count == 2)
    }

    @Test func `closes the connection when the task is cancelled`() async throws {
        let (closed, signal) = AsyncStream<Void>.makeStream()
        let (started, start) = AsyncStream<Void>.makeStream()
        try await ScriptedServer.run { _, _ in
            let end = Ending(signal)
            return .stream([": hello\n\n"]) {
                start.yield()
                try await Task.sleep(for: .milliseconds(5))
                return end.keepAlive
            }
        } test: { server in
            try await Client.with(["OPENAI_BASE_URL": server.base]) { model in
                await withTaskGroup(of: Bool.self) { group in
                    group.addTask {
                        do {
                            _ = try await model.reply(to: .hello)
                            return false
                        } catch { return error is CancellationError }
                    }
                    for await _ in started { break }
                    group.cancelAll()
                    #expect(await group.next() == true)
                }
                for await _ in closed { break }
            }
        }
    }
}

/// Tells when the stream that holds it is let go.
private final class Ending: Sendable {
    private let signal: AsyncStream<Void>.Continuation
    let keepAlive = ByteBuffer(string: ": keep\n\n")
    init(_ signal: AsyncStream<Void>.Continuation) { self.signal = signal }
    deinit { signal.yield() }
}

extension Double {
    func rounded(toPlaces places: Int) -> Double {
        let factor = pow(10, Double(places))
        return (self * factor).rounded() / factor
    }
}
