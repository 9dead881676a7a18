import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

/// A request that the stub of the Graph API got.
struct GraphRequestSeen: Sendable {
    let method: String
    let path: String
    let body: Data

    /// The members of a JSON body.
    var json: [String: Any] { (try? JSONSerialization.jsonObject(with: body)) as? [String: Any] ?? [:] }
    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A real HTTP server in the place of Meta: takes everything unless a test says otherwise.
final class GraphStub: Sendable {
    typealias Answer = @Sendable (GraphRequestSeen) async throws -> Response?

    private struct State {
        var seen: [GraphRequestSeen] = []
        var answer: Answer?
        var sent = 0
    }
    private let state = Mutex(State())
    let port: Int

    private init(port: Int) { self.port = port }

    var origin: String { "http://127.0.0.1:\(port)" }
    var seen: [GraphRequestSeen] { state.withLock { $0.seen } }
    /// The bodies of messages, without the notes of having read.
    var sent: [GraphRequestSeen] { seen.filter { $0.path.hasSuffix("/messages") && $0.json["status"] == nil } }
    /// The notes of having read.
    var acknowledged: [GraphRequestSeen] { seen.filter { $0.path.hasSuffix("/messages") && $0.json["status"] != nil } }

    /// Answers as `answer` says, and as usual where it says `nil`.
    func answer(_ answer: Answer?) { state.withLock { $0.answer = answer } }

    /// Refuses messages with one of Meta's codes.
    func refuse(_ code: Int, status: HTTPResponse.Status = .badRequest, headers: HTTPFields = [:]) {
        answer { request in
            guard request.path.hasSuffix("/messages") else { return nil }
            return .json(#"{"error":{"message":"no","type":"OAuthException","code":\#(code)}}"#, status, headers)
        }
    }

    private func respond(_ request: GraphRequestSeen) async throws -> Response {
        let (answer, number) = state.withLock { state in
            state.seen.append(request)
            state.sent += 1
            return (state.answer, state.sent)
        }
        if let response = try await answer?(request) { return response }
        if request.path.hasSuffix("/media") { return .json(#"{"id":"media\#(number)"}"#) }
        if request.path.contains("debug_token") {
            return .json(#"{"data":{"is_valid":true,"type":"SYSTEM_USER","expires_at":0,"scopes":[]}}"#)
        }
        if request.json["status"] != nil { return .json(#"{"success":true}"#) }
        if request.path.hasSuffix("/messages") { return .json(#"{"messages":[{"id":"wamid.OUT\#(number)"}]}"#) }
        return .json(#"{"id":"1","health_status":{"can_send_message":"AVAILABLE"}}"#)
    }

    /// Runs `test` against a stub on a free port.
    static func running(_ test: @escaping @Sendable (GraphStub) async throws -> Void) async throws {
        let (stubs, found) = AsyncStream<GraphStub>.makeStream()
        let place = Mutex<GraphStub?>(nil)
        let responder = CallbackResponder<BasicRequestContext> { request, _ in
            let body = try await request.body.collect(upTo: 32 << 20)
            let seen = GraphRequestSeen(
                method: request.method.rawValue, path: request.uri.path, body: Data(body.readableBytesView))
            guard let stub = place.withLock({ $0 }) else { throw HTTPError(.serviceUnavailable) }
            return try await stub.respond(seen)
        }
        var logger = Logger(label: "stub")
        logger.logLevel = .critical
        let server = Application(
            responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in
                let stub = GraphStub(port: channel.localAddress?.port ?? 0)
                place.withLock { $0 = stub }
                found.yield(stub)
            }, logger: logger)
        // A server that is cancelled while a connection arrives ends the process, so it is shut down instead.
        var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        let services = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            do {
                for await stub in stubs {
                    try await test(stub)
                    break
                }
                await services.triggerGracefulShutdown()
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
        }
    }
}

extension Response {
    static func json(_ text: String, _ status: HTTPResponse.Status = .ok, _ more: HTTPFields = [:]) -> Response {
        var headers = more
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func file(_ bytes: [UInt8]) -> Response {
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
