import Foundation

/// A port whose queue of connections is full: what comes next gets no answer at all, as behind a firewall.
enum FullServer {
    struct Failure: Error {}

    /// Keeps it full while `test` runs; it gets the port.
    static func run<Value>(_ test: (Int) async throws -> Value) async throws -> Value {
        var sockets: [Int32] = []
        defer { for descriptor in sockets { close(descriptor) } }
        func open() throws -> Int32 {
            let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
            guard descriptor >= 0 else { throw Failure() }
            sockets.append(descriptor)
            return descriptor
        }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        func with<Result>(_ body: (UnsafeMutablePointer<sockaddr>) -> Result) -> Result {
            withUnsafeMutablePointer(to: &address) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1, body)
            }
        }
        let listener = try open()
        guard with({ bind(listener, $0, length) }) == 0, listen(listener, 0) == 0,
            with({ getsockname(listener, $0, &length) }) == 0
        else { throw Failure() }
        for _ in 0..<8 {
            let client = try open()
            _ = fcntl(client, F_SETFL, O_NONBLOCK)
            _ = with { connect(client, $0, length) }
        }
        return try await test(Int(UInt16(bigEndian: address.sin_port)))
    }
}
