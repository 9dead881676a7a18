import NIOCore
import NIOPosix
import Testing

/// An answer as it came over the wire.
struct RawResponse {
    var status: Int
    /// By lower-case name.
    var headers: [String: String]
    var body: String
}

/// A TCP connection that sends exactly the bytes it is told to.
struct RawConnection {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var received: [UInt8] = []

    static func with<Result>(
        port: Int, _ body: (inout RawConnection) async throws -> Result
    ) async throws -> Result {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var connection = RawConnection(inbound: inbound.makeAsyncIterator(), outbound: outbound)
            return try await body(&connection)
        }
    }

    private init(
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator,
        outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    ) {
        self.inbound = inbound
        self.outbound = outbound
    }

    func send(_ text: String) async throws { try await outbound.write(ByteBuffer(string: text)) }

    func send(bytes count: Int) async throws {
        try await outbound.write(ByteBuffer(repeating: UInt8(ascii: "a"), count: count))
    }

    /// Reads one answer with a Content-Length.
    mutating func response(to method: String = "GET") async throws -> RawResponse {
        var end: Int?
        while end == nil {
            end = received.firstRange(of: Array("\r\n\r\n".utf8))?.upperBound
            if end == nil { try await receive() }
        }
        let headEnd = try #require(end)
        let lines = String(decoding: received[..<headEnd], as: UTF8.self).split(separator: "\r\n")
        received.removeFirst(headEnd)
        var headers: [String: String] = [:]
        for line in lines.dropFirst() {
            let colon = try #require(line.firstIndex(of: ":"))
            headers[line[..<colon].lowercased()] = String(line[colon...].dropFirst().drop { $0 == " " })
        }
        let status = try #require(lines.first?.split(separator: " ").dropFirst().first.flatMap { Int($0) })
        let length = method == "HEAD" || status == 100 ? 0 : Int(headers["content-length"] ?? "0") ?? 0
        while received.count < length { try await receive() }
        let body = String(decoding: received.prefix(length), as: UTF8.self)
        received.removeFirst(length)
        return RawResponse(status: status, headers: headers, body: body)
    }

    /// Waits until the other side closes; what it still sends is dropped.
    mutating func waitForClose() async {
        while (try? await inbound.next(isolation: #isolation)) != nil {}
    }

    private mutating func receive() async throws {
        guard let buffer = try await inbound.next(isolation: #isolation) else { throw ConnectionClosed() }
        received.append(contentsOf: buffer.readableBytesView)
    }
}

struct ConnectionClosed: Error {}

/// One request on a connection of its own.
func request(
    _ method: String, _ target: String, port: Int, headers: [String: String] = [:], body: String = ""
) async throws -> RawResponse {
    try await RawConnection.with(port: port) { connection in
        var head = "\(method) \(target) HTTP/1.1\r\nHost: localhost\r\n"
        for (name, value) in headers { head += "\(name): \(value)\r\n" }
        if !body.isEmpty { head += "Content-Length: \(body.utf8.count)\r\n" }
        try await connection.send(head + "\r\n" + body)
        return try await connection.response(to: method)
    }
}
