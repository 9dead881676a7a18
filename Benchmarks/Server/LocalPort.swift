import Foundation

/// A TCP port of this machine.
struct LocalPort: Sendable {
    let number: Int

    /// A port that nobody listens on at this moment.
    static func free() throws -> LocalPort {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        defer { close(descriptor) }
        return LocalPort(number: try listen(on: descriptor, backlog: nil))
    }

    /// Binds `descriptor` to a free port of 127.0.0.1 and, with a backlog, listens.
    /// - Returns: the port.
    static func listen(on descriptor: Int32, backlog: Int32?) throws -> Int {
        var address = loopback(port: 0)
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withGeneric(&address) {
            bind(descriptor, $0, length) == 0 && getsockname(descriptor, $0, &length) == 0
        }
        guard isBound, backlog.map({ Foundation.listen(descriptor, $0) == 0 }) ?? true else {
            throw BenchmarkFailure("no port can be opened on 127.0.0.1")
        }
        return Int(UInt16(bigEndian: address.sin_port))
    }

    /// Asks for `path` once.
    /// - Returns: the HTTP status; `nil` when there was no answer within a second.
    func status(of path: String) -> Int? {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        var limit = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        var address = Self.loopback(port: UInt16(number))
        let length = socklen_t(MemoryLayout<sockaddr_in>.size)
        guard Self.withGeneric(&address, { connect(descriptor, $0, length) }) == 0 else { return nil }
        let request = Array("GET \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".utf8)
        guard send(descriptor, request, request.count, Int32(MSG_NOSIGNAL)) == request.count else { return nil }
        var answer = [UInt8](repeating: 0, count: 64)
        let count = recv(descriptor, &answer, answer.count, 0)
        guard count >= 12 else { return nil }
        return Int(String(decoding: answer[9..<12], as: UTF8.self))
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withGeneric<Result>(
        _ address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>) -> Result
    ) -> Result {
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
        }
    }
}
