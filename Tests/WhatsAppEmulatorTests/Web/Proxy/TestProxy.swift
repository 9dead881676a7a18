import Foundation
import NIOCore
import NIOPosix
import Synchronization

/// A proxy on the loopback: HTTP CONNECT or SOCKS5, or one that refuses.
final class TestProxy: Sendable {
    /// What it speaks and answers.
    enum Manner: Sendable {
        /// Connects whoever shows these credentials (`user:password`), or anybody.
        case http(credentials: String?)
        /// Answers each CONNECT with this status.
        case httpStatus(Int)
        case socks5
        /// Answers each request with this code.
        case socks5Code(UInt8)
        /// Takes nobody without a password.
        case socks5Password
        /// Closes each connection at once.
        case closes
    }
    private struct Refused: Error {}

    let manner: Manner
    private let targets = Mutex<[String]>([])
    /// Whom it has connected to, `host:port`.
    var connected: [String] { targets.withLock { $0 } }

    init(_ manner: Manner) { self.manner = manner }

    /// Serves while `body` works.
    static func serving(
        _ manner: Manner, _ body: @escaping @Sendable (TestProxy, _ port: Int) async throws -> Void
    ) async throws {
        let proxy = TestProxy(manner)
        let server = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await proxy.serve(server) }
            defer { group.cancelAll() }
            try await body(proxy, port)
        }
    }

    private func serve(
        _ server: NIOAsyncChannel<NIOAsyncChannel<ByteBuffer, ByteBuffer>, Never>
    ) async throws {
        try await server.executeThenClose { clients in
            try await withThrowingDiscardingTaskGroup { group in
                for try await client in clients {
                    // What goes wrong with one ends that one.
                    group.addTask { try? await self.attend(client) }
                }
            }
        }
    }

    private func attend(_ client: NIOAsyncChannel<ByteBuffer, ByteBuffer>) async throws {
        try await client.executeThenClose { inbound, outbound in
            var reader = ByteReader(inbound)
            switch self.manner {
            case .closes: return
            case .http, .httpStatus: try await self.http(&reader, outbound, client.channel)
            case .socks5, .socks5Code, .socks5Password: try await self.socks(&reader, outbound, client.channel)
            }
        }
    }

    // MARK: - HTTP

    private func http(
        _ reader: inout ByteReader, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ client: any Channel
    ) async throws {
        var lines: [String] = []
        while let line = try await reader.line(), !line.isEmpty { lines.append(line) }
        guard let first = lines.first?.split(separator: " "), first.count == 3, first[0] == "CONNECT",
            let colon = first[1].lastIndex(of: ":"), let port = Int(first[1][first[1].index(after: colon)...])
        else { throw Refused() }
        func refuse(_ status: Int) async throws {
            try await outbound.write(ByteBuffer(string: "HTTP/1.1 \(status) No\r\nContent-Length: 0\r\n\r\n"))
        }
        switch manner {
        case .http(let credentials?):
            let expected = "Proxy-Authorization: Basic \(Data(credentials.utf8).base64EncodedString())"
            guard lines.contains(expected) else { return try await refuse(407) }
        case .httpStatus(let status): return try await refuse(status)
        default: break
        }
        try await connect(
            String(first[1][..<colon]), port, ByteBuffer(string: "HTTP/1.1 200 Connected\r\n\r\n"), &reader, outbound,
            client)
    }

    // MARK: - SOCKS5 (RFC 1928)

    private func socks(
        _ reader: inout ByteReader, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ client: any Channel
    ) async throws {
        let greeting = try await reader.bytes(2)
        let methods = try await reader.bytes(Int(greeting[1]))
        guard greeting[0] == 5, methods.contains(0) else { throw Refused() }
        if case .socks5Password = manner { return try await outbound.write(ByteBuffer(bytes: [5, 0xFF])) }
        try await outbound.write(ByteBuffer(bytes: [5, 0]))
        let request = try await reader.bytes(4)
        guard request[1] == 1 else { throw Refused() }
        let host: String
        switch request[3] {
        case 1: host = try await reader.bytes(4).map(String.init).joined(separator: ".")
        case 3: host = String(decoding: try await reader.bytes(Int(try await reader.bytes(1)[0])), as: UTF8.self)
        default: throw Refused()
        }
        let number = try await reader.bytes(2)
        func answer(_ code: UInt8) -> ByteBuffer { ByteBuffer(bytes: [5, code, 0, 1, 0, 0, 0, 0, 0, 0]) }
        if case .socks5Code(let code) = manner { return try await outbound.write(answer(code)) }
        try await connect(host, Int(number[0]) << 8 | Int(number[1]), answer(0), &reader, outbound, client)
    }

    // MARK: - Between the two

    private func connect(
        _ host: String, _ port: Int, _ answer: ByteBuffer, _ reader: inout ByteReader,
        _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>, _ client: any Channel
    ) async throws {
        let target = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: host, port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        targets.withLock { $0.append("\(host):\(port)") }
        try await target.executeThenClose { fromTarget, toTarget in
            try await outbound.write(answer)
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await bytes in fromTarget { try await outbound.write(bytes) }
                    // Ends the reading below.
                    client.close(promise: nil)
                }
                while let bytes = try await reader.next() { try await toTarget.write(bytes) }
                group.cancelAll()
            }
        }
    }
}

/// Reads a connection piece by piece.
struct ByteReader {
    private struct Ended: Error {}
    private var iterator: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var rest = ByteBuffer()

    init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>) { iterator = inbound.makeAsyncIterator() }

    /// So many bytes.
    mutating func bytes(_ count: Int) async throws -> [UInt8] {
        while rest.readableBytes < count { try await more() }
        return rest.readBytes(length: count) ?? []
    }

    /// A line without its end.
    mutating func line() async throws -> String? {
        while true {
            if let end = rest.readableBytesView.firstIndex(of: 10) {
                let line = rest.readString(length: end - rest.readerIndex + 1)
                return line.map { String($0.dropLast(1)) }
            }
            try await more()
        }
    }

    /// What has come, or comes next; nil at the end.
    mutating func next() async throws -> ByteBuffer? {
        guard rest.readableBytes == 0 else {
            defer { rest.clear() }
            return rest
        }
        return try await iterator.next(isolation: #isolation)
    }

    private mutating func more() async throws {
        guard var bytes = try await iterator.next(isolation: #isolation) else { throw Ended() }
        rest.writeBuffer(&bytes)
    }
}
