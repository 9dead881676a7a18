import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import ServiceLifecycle
import Synchronization

@testable import WhatsAppCloud

/// A request as it came over the wire.
struct RecordedRequest: Sendable {
    let method: String
    let uri: String
    let headers: [String: String]
    let body: [UInt8]

    var text: String { String(decoding: body, as: UTF8.self) }
}

/// A real HTTP server that answers as a test says, and notes what it was asked.
final class GraphServer: Sendable {
    let port: Int
    private let recorded: RequestLog

    init(port: Int, recorded: RequestLog) {
        self.port = port
        self.recorded = recorded
    }

    var origin: String { "http://127.0.0.1:\(port)" }
    var requests: [RecordedRequest] { recorded.all }
}

/// What a server was asked, in order.
final class RequestLog: Sendable {
    private let requests = Mutex<[RecordedRequest]>([])

    var all: [RecordedRequest] { requests.withLock { $0 } }

    /// - Returns: how many came before.
    func add(_ request: RecordedRequest) -> Int {
        requests.withLock { requests in
            requests.append(request)
            return requests.count - 1
        }
    }
}

/// How a test's server answers request number `index`.
typealias ServerAnswer = @Sendable (_ request: RecordedRequest, _ index: Int) async throws -> Response

/// Runs `test` against a server on a free port.
func withServer(
    _ answer: @escaping ServerAnswer, test: @Sendable (GraphServer) async throws -> Void
) async throws {
    let log = RequestLog()
    let (ports, port) = AsyncStream<Int>.makeStream()
    let responder = CallbackResponder<BasicRequestContext> { request, _ in
        let body = try await request.body.collect(upTo: 32 << 20)
        var headers: [String: String] = [:]
        for field in request.headers { headers[field.name.canonicalName] = field.value }
        headers["host"] = request.head.authority
        let recorded = RecordedRequest(
            method: request.method.rawValue, uri: request.uri.string, headers: headers,
            body: Array(body.readableBytesView))
        return try await answer(recorded, log.add(recorded))
    }
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let server = Application(
        responder: responder, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
    // A server that is cancelled while a connection arrives ends the process, so it is shut down instead.
    var configuration = ServiceGroupConfiguration(services: [server], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(1)
    let services = ServiceGroup(configuration: configuration)
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await services.run() }
        do {
            for await port in ports {
                try await test(GraphServer(port: port, recorded: log))
                break
            }
            await services.triggerGracefulShutdown()
        } catch {
            await services.triggerGracefulShutdown()
            throw error
        }
    }
}

/// Runs `test` with a client for such a server.
func withGraph(
    timeout: Duration = .seconds(10), answerBytes: Int = 1 << 20, _ answer: @escaping ServerAnswer,
    test: @Sendable (GraphClient, GraphServer) async throws -> Void
) async throws {
    try await withServer(answer) { server async throws in
        try await withClient(server.origin, timeout: timeout, answerBytes: answerBytes) { graph async throws in
            try await test(graph, server)
        }
    }
}

/// Runs `test` with a client for an address; its HTTP client ends with it.
func withClient(
    _ origin: String, timeout: Duration = .seconds(10), answerBytes: Int = 1 << 20,
    configuration: HTTPClient.Configuration = GraphConfiguration.httpClient,
    test: @Sendable (GraphClient) async throws -> Void
) async throws {
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let settings = try GraphConfiguration(
        phoneNumberID: "106540352242922", baseURL: origin, timeout: timeout, answerBytes: answerBytes,
        mediaHosts: MediaHosts(extraOrigins: [origin]))
    do {
        try await test(GraphClient(http: http, configuration: settings) { "EAAtesttoken" })
        try await http.shutdown()
    } catch {
        try await http.shutdown()
        throw error
    }
}

/// The error of a call that must fail.
func graphError(_ call: () async throws -> Void) async throws -> GraphError {
    do { try await call() } catch let error as GraphError { return error }
    throw Unexpected()
}

extension Response {
    static func json(_ text: String, status: HTTPResponse.Status = .ok, headers: HTTPFields = [:]) -> Response {
        var headers = headers
        headers[.contentType] = "application/json"
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    static func graphError(_ code: Int, status: HTTPResponse.Status, headers: HTTPFields = [:]) -> Response {
        json(
            #"""
            {"error":{"message":"(#\#(code)) secret number 15550000001","type":"OAuthException","code":\#(code),\#
            "error_data":{"details":"d"},"fbtrace_id":"AbC-1"}}
            """#,
            status: status, headers: headers)
    }

    static let sent = json(
        #"""
        {"messaging_product":"whatsapp","contacts":[{"input":"+15550000001","wa_id":"15550000001",\#
        "user_id":"US.1"}],"messages":[{"id":"wamid.OUT=","message_status":"accepted"}]}
        """#
    )

    /// Writes `start` and then breaks the connection.
    static func cut(
        after start: String, length: Int? = nil, status: HTTPResponse.Status = .ok
    ) -> Response {
        var headers: HTTPFields = [.contentType: "application/json"]
        if let length { headers[.contentLength] = String(length) }
        return Response(
            status: status, headers: headers,
            body: .init(contentLength: length) { writer in
                try await writer.write(ByteBuffer(string: start))
                throw Unexpected()
            })
    }
}

/// How many times longer than usual a test may take; docs/benchmarks.md tells of it.
let slowness = max(1, ProcessInfo.processInfo.environment["MARTLET_TEST_PATIENCE"].flatMap(Int.init) ?? 1)

/// Ends only when the server does.
func neverAnswer() async throws -> Response {
    for await _ in AsyncStream<Void>.makeStream().stream {}
    throw CancellationError()
}
