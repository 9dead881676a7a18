import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import Testing

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
        let root = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../..").standardized
        let python =
            ProcessInfo.processInfo.environment["MARTLET_TEST_PYTHON"]
            ?? root.appending(path: ".venv/bin/python").path()
        guard FileManager.default.isExecutableFile(atPath: python) else {
            throw LLMock.Failure(description: "\(python) is missing: run `make test`, which makes it")
        }
        let port = try await Self.freePort()
        let process = Process()
        process.executableURL = URL(filePath: python)
        process.arguments = [
            "-m", "llmock.cli", "serve", "--host", "127.0.0.1", "--port", "\(port)", "--log-level", "warning",
            "--response-style", "static", "--stream-chunk-delay-ms", "2",
        ]
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        // Not SIGTERM: a child of a concurrency thread inherits that thread's signal mask, which blocks it.
        defer {
            kill(process.processIdentifier, SIGKILL)
            // Foundation's waitUntilExit can spin for ever off the main thread on Linux.
            while process.isRunning { usleep(1_000) }
        }
        let mock = LLMock(port: port)
        try await Self.waitUntilReady(mock, process)
        try await LLMock.$current.withValue(mock) { try await function() }
    }

    private static func waitUntilReady(_ mock: LLMock, _ process: Process) async throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline, process.isRunning {
            if (try? await mock.send(.GET, "/health", nil)) != nil { return }
            try await Task.sleep(for: .milliseconds(50))
        }
        throw LLMock.Failure(description: "llmock did not start: run `make test`, which installs it")
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
