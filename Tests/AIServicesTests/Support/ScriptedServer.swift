import Foundation
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import ServiceLifecycle
import Synchronization

/// A model server inside the test: it records what it is asked and answers each request as the test says.
enum ScriptedServer {
    struct Seen: Sendable {
        let path: String
        let headers: HTTPFields
        let body: [UInt8]
        /// The port of the other end: the same for requests on one connection.
        let peer: Int

        var json: JSON { (try? JSONDecoder().decode(JSON.self, from: Data(body))) ?? .null }
        func header(_ name: String) -> String? { HTTPField.Name(name).flatMap { headers[$0] } }
    }

    private struct Context: RequestContext {
        var coreContext: CoreRequestContextStorage
        let peer: Int
        init(source: ApplicationRequestContextSource) {
            coreContext = .init(source: source)
            peer = source.channel.remoteAddress?.port ?? 0
        }
    }

    private final class Recorder: Sendable {
        let seen = Mutex<[Seen]>([])
    }

    /// Serves while `test` runs. `answer` gets the request and how many came before it.
    static func run(
        _ answer: @escaping @Sendable (Seen, Int) async throws -> Response,
        test: (Running) async throws -> Void
    ) async throws {
        let recorder = Recorder()
        let (ports, port) = AsyncStream<Int>.makeStream()
        let router = Router(context: Context.self)
        for method in [HTTPRequest.Method.get, .post] {
            router.on("**", method: method) { request, context in
                let body = try await request.body.collect(upTo: 8 << 20)
                let seen = Seen(
                    path: request.uri.path, headers: request.headers, body: Array(body.readableBytesView),
                    peer: context.peer)
                let before = recorder.seen.withLock { list in
                    list.append(seen)
                    return list.count - 1
                }
                return try await answer(seen, before)
            }
        }
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let app = Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { port.yield($0.localAddress?.port ?? 0) }, logger: logger)
        // A server that is cancelled while a connection arrives ends the process, so it is shut down instead.
        var configuration = ServiceGroupConfiguration(services: [app], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(1)
        let services = ServiceGroup(configuration: configuration)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await services.run() }
            var iterator = ports.makeAsyncIterator()
            let bound = await iterator.next() ?? 0
            do {
                try await test(Running(port: bound, read: { recorder.seen.withLock(\.self) }))
                await services.triggerGracefulShutdown()
            } catch {
                await services.triggerGracefulShutdown()
                throw error
            }
        }
    }

    /// Says nothing more, until the server ends.
    static func neverAnswer<Answer>() async throws -> Answer {
        for await _ in AsyncStream<Void>.makeStream().stream {}
        throw CancellationError()
    }

    struct Running: Sendable {
        let port: Int
        let read: @Sendable () -> [Seen]
        var seen: [Seen] { read() }
        var base: String { "http://127.0.0.1:\(port)/v1" }
    }
}

extension Response {
    static func text(_ text: String, type: String, status: Int = 200, headers: [String: String] = [:]) -> Response {
        var fields: HTTPFields = [.contentType: type]
        for (name, value) in headers { if let name = HTTPField.Name(name) { fields[name] = value } }
        return Response(
            status: .init(code: status), headers: fields, body: .init(byteBuffer: ByteBuffer(string: text)))
    }
    static func json(_ text: String, status: Int = 200, headers: [String: String] = [:]) -> Response {
        .text(text, type: "application/json", status: status, headers: headers)
    }
    static func html(status: Int = 200) -> Response {
        .text("<!doctype html><html><body>Welcome</body></html>", type: "text/html; charset=utf-8", status: status)
    }
    /// A stream of the given pieces, then of what `next` gives; it ends with `nil` and is cut by an error.
    static func stream(
        _ pieces: [String], then next: @escaping @Sendable () async throws -> ByteBuffer? = { nil }
    ) -> Response {
        let box = Box(Mutex(Array(pieces.reversed())))
        return Response(
            status: .ok, headers: [.contentType: "text/event-stream"],
            body: .init(
                asyncSequence: AsyncThrowingStream<ByteBuffer, any Error>(unfolding: {
                    if let piece = box.value.withLock({ $0.popLast() }) { return ByteBuffer(string: piece) }
                    return try await next()
                })))
    }
    private final class Box: Sendable {
        let value: Mutex<[String]>
        init(_ value: consuming Mutex<[String]>) { self.value = value }
    }
    /// A whole answer of a chat completion.
    static func chat(_ words: String, usage: String? = nil) -> Response {
        .stream(
            [
                #"data: {"model":"m-1","choices":[{"index":0,"delta":{"role":"assistant","content":"\#(words)"}}]}"#
                    + "\n\n",
                #"data: {"model":"m-1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}"# + "\n\n",
                usage.map { #"data: {"model":"m-1","choices":[],"usage":\#($0)}"# + "\n\n" } ?? "",
                "data: [DONE]\n\n",
            ].filter { !$0.isEmpty })
    }
    static func failure(
        _ status: Int, code: String = "", type: String = "x", message: String = "no", _ headers: [String: String] = [:]
    )
        -> Response
    {
        .json(
            #"{"error":{"message":"\#(message)","type":"\#(type)","param":null,"code":"\#(code)"}}"#, status: status,
            headers: headers)
    }
}
