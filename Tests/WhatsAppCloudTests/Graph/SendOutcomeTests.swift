import AsyncHTTPClient
import Foundation
import Hummingbird
import NIOCore
import NIOPosix
import Testing

@testable import WhatsAppCloud

@Suite struct SendOutcomeTests {
    /// The error of one send against a server that answers like this.
    private func failure(
        timeout: Duration = .seconds(10), answerBytes: Int = 1 << 20, _ answer: @escaping ServerAnswer
    ) async throws -> GraphError {
        let result = Result()
        try await withGraph(timeout: timeout, answerBytes: answerBytes, answer) { graph, server async throws in
            let error = try await graphError { _ = try await graph.send(.text("x"), to: .number("15550000001")) }
            #expect(server.requests.count == 1)
            await result.set(error)
        }
        return try #require(await result.error)
    }

    private actor Result {
        var error: GraphError?
        func set(_ error: GraphError) { self.error = error }
    }

    @Test(arguments: [
        (131_047, HTTPResponse.Status.badRequest, ErrorRemedy.windowClosed), (190, .unauthorized, .token),
        (131_056, .badRequest, .holdPair), (130_429, .tooManyRequests, .slowNumber),
        (131_000, .internalServerError, .retryWithBackoff),
    ])
    func `knows that a refusal of Meta's had no effect`(
        _ code: Int, _ status: HTTPResponse.Status, _ remedy: ErrorRemedy
    ) async throws {
        let error = try await failure { _, _ in .graphError(code, status: status) }
        #expect(error.code == .refused)
        #expect(error.reported?.code == code)
        #expect(error.remedy == remedy)
        #expect(!error.mayHaveBeenAccepted)
        #expect(error.description == "refused: send message: Graph code \(code) (HTTP \(status.code)), trace AbC-1")
    }

    @Test func `passes on how long to wait`() async throws {
        let error = try await failure { _, _ in .graphError(4, status: .tooManyRequests, headers: [.retryAfter: "17"]) }
        #expect(error.retryAfter == .seconds(17))
        #expect(error.remedy == .slowAccount)
        let html = try await failure { _, _ in Response(status: .tooManyRequests, headers: [.retryAfter: "5"]) }
        #expect(html.retryAfter == .seconds(5) && html.remedy == .slowNumber && !html.mayHaveBeenAccepted)
    }

    @Test(arguments: [
        (HTTPResponse.Status.ok, GraphError.Code.unreadableAnswer, true), (.badGateway, .refused, false),
        (.serviceUnavailable, .refused, false), (.internalServerError, .refused, true),
        (.gatewayTimeout, .refused, true), (.forbidden, .refused, false), (.notFound, .refused, false),
    ])
    func `knows what a web page instead of an answer means`(
        _ status: HTTPResponse.Status, _ code: GraphError.Code, _ isLost: Bool
    ) async throws {
        let error = try await failure { _, _ in
            Response(status: status, body: .init(byteBuffer: ByteBuffer(string: "<html>Sorry</html>")))
        }
        #expect(error.code == code)
        #expect(error.status == status.code)
        #expect(error.mayHaveBeenAccepted == isLost)
    }

    @Test func `a gateway that handed nothing on is asked again, after the wait that it names`() async throws {
        for status in [HTTPResponse.Status.badGateway, .serviceUnavailable] {
            let error = try await failure { _, _ in
                Response(
                    status: status, headers: [.retryAfter: "9"],
                    body: .init(byteBuffer: ByteBuffer(string: "<html>Sorry</html>")))
            }
            #expect(error.remedy == .retryWithBackoff && error.retryAfter == .seconds(9))
            let cut = try await failure { _, _ in .cut(after: "<html>", status: status) }
            #expect(cut.code == .connectionLost && cut.status == status.code && !cut.mayHaveBeenAccepted)
        }
    }

    @Test func `does not know what became of a send without a message id in the answer`() async throws {
        let error = try await failure { _, _ in .json(#"{"messages":[]}"#) }
        #expect(error.code == .unreadableAnswer && error.mayHaveBeenAccepted)
    }

    @Test func `gives up a lost answer and says that it may have been sent`() async throws {
        let error = try await failure(timeout: .milliseconds(300) * slowness) { _, _ in try await neverAnswer() }
        #expect(error.code == .timedOut && error.mayHaveBeenAccepted && error.remedy == .retryWithBackoff)
    }

    @Test func `gives up an answer that never ends`() async throws {
        let error = try await failure(timeout: .milliseconds(500) * slowness) { _, _ in
            Response(
                status: .ok,
                body: .init { writer in
                    try await writer.write(ByteBuffer(string: "{"))
                    _ = try await neverAnswer()
                })
        }
        #expect(error.code == .timedOut && error.status == 200 && error.mayHaveBeenAccepted)
    }

    @Test func `says that a cut answer may have been sent`() async throws {
        let error = try await failure { _, _ in .cut(after: #"{"messages":[{"id":"#) }
        #expect(error.code == .connectionLost && error.mayHaveBeenAccepted)
    }

    @Test func `says that a connection cut before any answer may have been sent`() async throws {
        let listener = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelInitializer { $0.pipeline.addHandler(ClosesOnFirstByte()) }
            .bind(host: "127.0.0.1", port: 0).get()
        try await withClient("http://127.0.0.1:\(listener.localAddress?.port ?? 0)") { graph async throws in
            let error = try await graphError { _ = try await graph.send(.text("x"), to: .number("15550000001")) }
            #expect(error.code == .connectionLost && error.mayHaveBeenAccepted)
        }
        try await listener.close()
    }

    @Test func `knows that a refused connection had no effect`() async throws {
        // A free port may be another test's a moment later; nothing listens on the first one.
        try await withClient("http://127.0.0.1:1") { graph async throws in
            let error = try await graphError { _ = try await graph.send(.text("x"), to: .number("15550000001")) }
            #expect(error.code == .connectionFailed, "\(error): \(String(describing: error.underlying))")
            #expect(!error.mayHaveBeenAccepted)
        }
    }

    @Test func `does not take an endless answer`() async throws {
        let error = try await failure(answerBytes: 2048) { _, _ in
            .json(#"{"a":""# + String(repeating: "x", count: 4096))
        }
        #expect(error.code == .answerTooLarge && error.mayHaveBeenAccepted)
    }

    @Test func `follows no redirect, whatever the HTTP client would do`() async throws {
        let error = try await failure { _, _ in Response(status: .found, headers: [.location: "http://127.0.0.1:9/x"]) }
        #expect(error.code == .redirected && !error.mayHaveBeenAccepted)
        try await withServer { _, index in
            index == 0
                ? Response(status: .temporaryRedirect, headers: [.location: "/elsewhere"]) : .json(#"{"success":true}"#)
        } test: { server async throws in
            try await withClient(server.origin, configuration: HTTPClient.Configuration()) { graph async throws in
                let error = try await graphError { _ = try await graph.phoneNumberHealth() }
                #expect(error.code == .redirected)
            }
        }
    }

    @Test func `says when our own task was cancelled`() async throws {
        try await withGraph { _, _ in
            try await neverAnswer()
        } test: { graph, server async throws in
            try await withThrowingTaskGroup(of: GraphError.self) { group in
                group.addTask {
                    try await graphError { _ = try await graph.send(.text("x"), to: .number("15550000001")) }
                }
                while server.requests.isEmpty { await Task.yield() }
                group.cancelAll()
                let error = try await group.next()
                #expect(error?.code == .cancelled && error?.mayHaveBeenAccepted == true)
            }
        }
    }

    @Test func `sends nothing without a token, and tells no token`() async throws {
        let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: GraphConfiguration.httpClient)
        let settings = try GraphConfiguration(phoneNumberID: "1", baseURL: "http://127.0.0.1:9")
        for token in ["", "EAA\r\nx: y", "EAAé"] {
            let graph = GraphClient(http: http, configuration: settings) { token }
            let error = try await graphError { _ = try await graph.send(.text("x"), to: .number("15550000001")) }
            #expect(error.code == .tokenUnavailable && !error.description.contains("EAA"))
        }
        try await http.shutdown()
    }

    @Test(arguments: [
        ("1", "http://graph.example", "v26.0"), ("1", "https://", "v26.0"), ("1", "graph.facebook.com", "v26.0"),
        ("1", "https://u:p@graph.facebook.com", "v26.0"), ("1", "https://graph.facebook.com/v1", "v26.0"),
        ("1", "https://graph.facebook.com", "26"), ("1", "https://graph.facebook.com", ""),
        ("", "https://graph.facebook.com", "v26.0"), ("../x", "https://graph.facebook.com", "v26.0"),
    ])
    func `refuses settings that cannot be right`(_ id: String, _ base: String, _ version: String) {
        let error = #expect(throws: GraphError.self) {
            try GraphConfiguration(phoneNumberID: PhoneNumberID(rawValue: id), baseURL: base, version: version)
        }
        #expect(error?.code == .invalidConfiguration)
    }
}

/// Closes a connection as soon as something comes in.
private final class ClosesOnFirstByte: ChannelInboundHandler, Sendable {
    typealias InboundIn = ByteBuffer

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        context.close(promise: nil)
    }
}
