import BotKit
import Foundation

/// Finds out whether the control plane can listen where its settings say, and says what to do when it cannot.
struct AddressCheck {
    let host: String
    let port: Int

    /// Binds the address for a moment.
    /// - Throws: `Misconfiguration`.
    func run() throws {
        var hints = addrinfo()
        hints.ai_family = AF_UNSPEC
        hints.ai_socktype = Int32(SOCK_STREAM.rawValue)
        hints.ai_flags = AI_PASSIVE
        var list: UnsafeMutablePointer<addrinfo>?
        guard getaddrinfo(host, String(port), &hints, &list) == 0, let address = list?.pointee else {
            throw unknownHost
        }
        defer { freeaddrinfo(list) }
        let descriptor = socket(
            address.ai_family, address.ai_socktype | Int32(SOCK_CLOEXEC.rawValue), address.ai_protocol)
        guard descriptor >= 0 else { throw failure(errno) }
        defer { close(descriptor) }
        var reuse: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &reuse, socklen_t(MemoryLayout<Int32>.size))
        guard bind(descriptor, address.ai_addr, address.ai_addrlen) == 0, listen(descriptor, 1) == 0 else {
            throw failure(errno)
        }
    }

    var unknownHost: Misconfiguration {
        Misconfiguration(
            "HEALTH_HOST", "names no address of this machine, is \"\(host.prefix(80))\"",
            remedy: "Set HEALTH_HOST to 127.0.0.1 (this machine only) or 0.0.0.0 (every network), or remove it.")
    }

    /// What an error number of `bind` or `listen` asks of the operator.
    func failure(_ code: Int32) -> Misconfiguration {
        switch code {
        case EADDRINUSE:
            Misconfiguration(
                "HEALTH_PORT", "is \(port), which another program listens on",
                remedy: "Stop that program, perhaps another Martlet (`ss -ltnp 'sport = :\(port)'` names it), or set "
                    + "HEALTH_PORT to a free port.")
        case EACCES, EPERM:
            Misconfiguration(
                "HEALTH_PORT", "is \(port), which this user may not open",
                remedy: "Set HEALTH_PORT to a port from 1024 to 65535, and let a reverse proxy listen on the low one.")
        case EADDRNOTAVAIL, EAFNOSUPPORT, EINVAL: unknownHost
        default:
            Misconfiguration(
                "HEALTH_PORT", "is \(port), which cannot be opened (\(String(cString: strerror(code))))",
                remedy: "Set HEALTH_PORT to a free port, and HEALTH_HOST to an address of this machine.")
        }
    }
}
