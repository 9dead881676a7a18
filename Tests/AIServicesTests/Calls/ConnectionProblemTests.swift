@testable import AIServices
import AsyncHTTPClient
import BotKit
import Foundation
import Logging
import NIOCore
import TestKit
import Testing

/// What keeps us from a model server is told in words, with what to do.
@Suite struct ConnectionProblemTests {
    private func outage(_ address: String, _ more: [String: String] = [:]) async throws -> String {
        let settings = ["OPENAI_BASE_URL": address, "OPENAI_MAX_RETRIES": "0"].merging(more) { $1 }
        return try await Client.with(settings) { model in
            let error = await #expect(throws: Outage.self) { _ = try await model.reply(to: .hello) }
            return error?.description ?? ""
        }
    }

    private func probed(_ address: String) async throws -> (why: String, remedy: String) {
        let finding = try await Client.probe(["OPENAI_BASE_URL": address]) { await $0.reach() }
        guard case .unreachable(let why, let remedy) = finding else {
            Issue.record("\(finding)")
            return ("", "")
        }
        return (why, remedy)
    }

    @Test(arguments: ["127.0.0.1", "localhost"])
    func `a closed port is a refused connection`(host: String) async throws {
        let text = try await outage("http://\(host):1/v1")
        #expect(
            text == "model: the connection failed (connection refused). Nothing listens there: start the model server, "
                + "or correct host and port in OPENAI_BASE_URL.")
        let finding = try await probed("http://\(host):1/v1")
        #expect(finding.why == "connection refused" && finding.remedy.contains("start the model server"))
    }

    @Test func `an unknown host is one`() async throws {
        // Without a network the name server is what does not answer.
        let text = try await outage("http://no-such-host.invalid:8080/v1")
        #expect(text.contains("no such host") || text.contains("could not be looked up"), "\(text)")
        #expect(text.contains("OPENAI_BASE_URL") && !text.contains("no-such-host.invalid"), "\(text)")
    }

    @Test func `a server without TLS is told from one whose certificate nobody knows`() async throws {
        try await ScriptedServer.run { _, _ in
            .chat("yes")
        } test: { server in
            let text = try await outage(server.base.replacing("http:", with: "https:"))
            #expect(text.contains("TLS: the server does not speak it") && text.contains("http:// instead"), "\(text)")
        }
        let text = try await CertifiedServer.run { port in try await outage("https://127.0.0.1:\(port)/v1") }
        #expect(text.contains("certificate is not trusted") && text.contains("Install the authority"), "\(text)")
    }

    @Test func `a server that takes nobody times out`() async throws {
        let text = try await FullServer.run { port in
            try await outage("http://127.0.0.1:\(port)/v1", ["OPENAI_CONNECT_TIMEOUT": "300"])
        }
        #expect(text.contains("(timed out)") && text.contains("firewall"), "\(text)")
    }

    @Test(
        arguments: [
            (ECONNREFUSED, .refused), (ETIMEDOUT, .timedOut), (EHOSTUNREACH, .unreachable), (ENETUNREACH, .unreachable),
            (ECONNRESET, .broken), (EPIPE, .broken), (EMFILE, .tooManyFiles), (EIO, .other),
        ] as [(CInt, ConnectionProblem.Kind)])
    func `no error is a number`(number: CInt, kind: ConnectionProblem.Kind) {
        struct Wrapped: Error { let inside: [any Error] }
        for error in [
            IOError(errnoCode: number, reason: "connect"), Wrapped(inside: [IOError(errnoCode: number, reason: "x")]),
        ] as [any Error] {
            let problem = ConnectionProblem(error)
            #expect(problem.kind == kind)
            #expect(!problem.words.contains(/\d/) && !problem.words.isEmpty)
            #expect(problem.remedy("OPENAI_BASE_URL").hasSuffix("."))
        }
    }

    @Test func `what the client says itself is said in words too`() {
        for error in [HTTPClientError.connectTimeout, .remoteConnectionClosed, .tlsHandshakeTimeout, .cancelled] {
            #expect(ConnectionProblem(error).words.contains(" ") || ConnectionProblem(error).kind == .other)
        }
        #expect(ConnectionProblem(ChannelError.connectTimeout(.seconds(1))).kind == .timedOut)
        #expect(ConnectionProblem(CancellationError()).kind == .other)
    }

    @Test func `the log says why an attempt failed`() async throws {
        let log = LogBook()
        try await Client.with(
            ["OPENAI_BASE_URL": "http://127.0.0.1:1/v1", "OPENAI_MAX_RETRIES": "1"], logger: log.logger
        ) {
            model in
            _ = await #expect(throws: Outage.self) { _ = try await model.reply(to: .hello) }
        }
        let failed = log.entries.filter { $0.message == "An attempt at a model failed" }
        #expect(
            failed.count == 2 && failed.allSatisfy { $0.metadata["reason"] == "connection_refused" }, "\(log.entries)")
    }
}
