import AsyncHTTPClient
import Foundation
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

@testable import WhatsAppWeb

/// A media server on this machine that keeps what is uploaded, and misbehaves as a test says.
final class MediaServer: Sendable {
    /// What is done instead of the right thing, for one request.
    enum Fault: Sendable {
        case status(Int)
        /// Ends the body early, but says that it is whole.
        case truncate
        /// Breaks the connection within the body.
        case cut
        /// Gives another file.
        case swap
        /// Never answers.
        case silence
    }

    private struct State {
        var files: [String: [UInt8]] = [:]
        var faults: [Fault] = []
        var requests: [String] = []
    }

    private let state = Mutex(State())
    /// The folder where the newest uploaded file is kept, as `blob`; nil keeps all in memory.
    private let storage: URL?

    init(storage: URL? = nil) { self.storage = storage }

    /// Faults of the next requests, in order; then all is well.
    func plan(_ faults: Fault...) { state.withLock { $0.faults = faults } }
    func put(_ bytes: [UInt8], at path: String) { state.withLock { $0.files[path] = bytes } }
    func file(at path: String) -> [UInt8]? { state.withLock { $0.files[path] } }
    /// Method and path with query of each request.
    var requests: [String] { state.withLock { $0.requests } }

    func answer(_ request: Request) async throws -> Response {
        let path = request.uri.path
        let fault = state.withLock { state in
            state.requests.append("\(request.method.rawValue) \(request.uri.string)")
            return state.faults.isEmpty ? nil : state.faults.removeFirst()
        }
        if case .status(let code) = fault { return Response(status: .init(code: code)) }
        if case .silence = fault { for await _ in AsyncStream<Void>.makeStream().stream {} }
        switch request.method {
        case .post:
            if let storage { try await Self.store(request, in: storage.appending(path: "blob")) }
            if storage == nil {
                put(Array(try await request.body.collect(upTo: 200 << 20).readableBytesView), at: "/v" + path)
            }
            let json = #"{"url":"https://mmg.whatsapp.net/v\#(path)","direct_path":"/v\#(path)?ccb=1"}"#
            return Response(status: .ok, body: .init(byteBuffer: ByteBuffer(string: json)))
        case .delete:
            state.withLock { $0.files["/v" + path] = nil }
            return Response(status: .ok)
        default:
            guard let bytes = file(at: path) else { return Response(status: .notFound) }
            return Self.download(bytes, fault)
        }
    }

    private static func store(_ request: Request, in file: URL) async throws {
        _ = FileManager.default.createFile(atPath: file.path, contents: nil)
        let handle = try FileHandle(forWritingTo: file)
        for try await chunk in request.body { try handle.write(contentsOf: Data(chunk.readableBytesView)) }
        try handle.close()
    }

    private static func download(_ bytes: [UInt8], _ fault: Fault?) -> Response {
        switch fault {
        case .truncate: body(Array(bytes.dropLast(bytes.count / 2)))
        case .swap: body(bytes.map { $0 ^ 0xFF })
        case .cut:
            Response(
                status: .ok, headers: [.contentLength: String(bytes.count)],
                body: .init(contentLength: bytes.count) { writer in
                    try await writer.write(ByteBuffer(bytes: bytes.dropLast(bytes.count / 2)))
                    throw CancellationError()
                })
        default: body(bytes)
        }
    }

    private static func body(_ bytes: [UInt8]) -> Response {
        Response(status: .ok, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// Runs `test` with a transfer that knows `names` as hosts: each is one and the same server.
func withMediaServer(
    hosts: Int = 2, limits: MediaTransfer.Limits? = nil, storage: URL? = nil,
    _ test: @escaping @Sendable (MediaTransfer, MediaServer) async throws -> Void
) async throws {
    let server = MediaServer(storage: storage)
    let (ports, port) = AsyncStream<Int>.makeStream()
    var logger = Logger(label: "test")
    logger.logLevel = .critical
    let application = Application(
        responder: CallbackResponder<BasicRequestContext> { request, _ in try await server.answer(request) },
        configuration: .init(address: .hostname("127.0.0.1", port: 0)),
        onServerRunning: { channel in port.yield(channel.localAddress?.port ?? 0) }, logger: logger)
    // A server that is cancelled while a connection arrives ends the process, so it is shut down instead.
    var stopping = ServiceGroupConfiguration(services: [application], logger: logger)
    stopping.maximumGracefulShutdownDuration = .seconds(1)
    let services = ServiceGroup(configuration: stopping)
    var configuration = HTTPClient.Configuration(redirectConfiguration: .disallow)
    configuration.timeout.connect = .seconds(5)
    let http = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
    let counter = Mutex(0)
    let ended = await Result.catching {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            for await port in ports {
                let names = (0..<hosts).map { _ in "127.0.0.1:\(port)" }
                let connections = MediaConnections(time: .system) {
                    let number = counter.withLock { count in
                        count += 1
                        return count
                    }
                    return MediaConnection(hosts: names, auth: "word\(number)", expiresAt: .distantFuture)
                }
                var quick = limits ?? MediaTransfer.Limits()
                quick.pause = .milliseconds(1)
                let transfer = MediaTransfer(
                    http: http, connections: connections, addresses: MediaAddress(scheme: "http"),
                    random: { count in (0..<count).map { _ in UInt8.random(in: 0...255) } }, limits: quick)
                do { try await test(transfer, server) } catch {
                    await services.triggerGracefulShutdown()
                    throw error
                }
                break
            }
            await services.triggerGracefulShutdown()
        }
    }
    try await http.shutdown()
    try ended.get()
}

extension Result where Success == Void, Failure == any Error {
    static func catching(_ work: () async throws -> Void) async -> Self {
        do {
            try await work()
            return .success(())
        } catch { return .failure(error) }
    }
}

/// The error of a call that must fail.
func webError(_ call: () async throws -> Void) async -> WebError? {
    do {
        try await call()
        return nil
    } catch { return error as? WebError }
}
