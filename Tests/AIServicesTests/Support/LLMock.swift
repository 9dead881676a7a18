import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing
import TestKit

/// A running llmock, the model server that nobody here wrote and that judges its clients.
struct LLMock: Sendable {
    @TaskLocal static var current: LLMock?

    let port: Int
    private let http = HTTPClient.shared

    var openAI: String { "http://127.0.0.1:\(port)/v1" }
    var anthropic: String { "http://127.0.0.1:\(port)/anthropic" }

    struct Failure: Error, CustomStringConvertible { let description: String }

    struct Verdict: Decodable {
        struct Finding: Decodable {
            let severity: String
            let code: String
        }
        let passed: Bool
        let calls: Int
        let attempts: Int
        let findings: [Finding]
    }

    /// Forgets all, then prepares the next answers.
    func prepare(_ behaviors: String) async throws {
        _ = try await send(.POST, "/_llmock/reset", nil)
        if !behaviors.isEmpty { _ = try await send(.POST, "/_llmock/scenario", #"{"behaviors":[\#(behaviors)]}"#) }
    }

    func verdict() async throws -> Verdict {
        try JSONDecoder().decode(Verdict.self, from: try await send(.GET, "/_llmock/verdict", nil))
    }

    func send(_ method: HTTPMethod, _ path: String, _ body: String?) async throws -> Data {
        var request = HTTPClientRequest(url: "http://127.0.0.1:\(port)\(path)")
        request.method = method
        // llmock closes idle connections, and may do so just when the next request leaves.
        request.headers.add(name: "Connection", value: "close")
        if let body { request.body = .bytes(ByteBuffer(string: body)) }
        let response = try await http.execute(request, timeout: .seconds(20))
        let data = Data(try await response.body.collect(upTo: 4 << 20).readableBytesView)
        guard (200..<300).contains(response.status.code) else {
            throw Failure(description: "llmock: \(path) gave \(response.status.code)")
        }
        return data
    }
}

/// Keeps one llmock running while the tests of a suite run.
struct WithLLMock: SuiteTrait, TestScoping {
    func provideScope(
        for test: Test, testCase: Test.Case?, performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        let port = try await Self.freePort()
        let process = try SpawnedProcess(
            PythonPeers.python(),
            [
                "-m", "llmock.cli", "serve", "--host", "127.0.0.1", "--port", "\(port)", "--log-level", "warning",
                "--response-style", "static", "--stream-chunk-delay-ms", "2",
            ], environment: ProcessInfo.processInfo.environment
        ) { _, _ in }
        defer { process.signal(SIGKILL) }
        let mock = LLMock(port: port)
        let isReady = await eventually(within: .patience * 3, every: .milliseconds(50)) {
            if process.status != nil { return true }
            return (try? await mock.send(.GET, "/health", nil)) != nil
        }
        guard isReady, process.status == nil else {
            throw LLMock.Failure(description: "llmock did not start: run `make test`, which installs it")
        }
        try await LLMock.$current.withValue(mock) { try await function() }
    }

    /// A port that was free a moment ago.
    private static func freePort() async throws -> Int {
        let channel = try await ServerBootstrap(group: HTTPClient.defaultEventLoopGroup).bind(
            host: "127.0.0.1", port: 0
        ).get()
        let port = channel.localAddress?.port ?? 0
        try await channel.close()
        return port
    }
}

extension Trait where Self == WithLLMock {
    static var llmock: WithLLMock { WithLLMock() }
}
