import Foundation
import HTTPTypes
import NIOCore

/// Whose refusals are counted together.
struct SenderAddress {
    /// The address as text.
    let text: String
    /// Whether all senders seem to come from it, because a proxy does not say for whom it asks. Then nobody is turned
    /// away unheard: one bad sender would silence the network.
    let isShared: Bool

    /// - Parameters:
    ///   - peer: the other end of the connection.
    ///   - forwarded: the value of `X-Forwarded-For`. It counts only when the peer is on this machine or a private
    ///     network, and of it only the last entry, which the nearest proxy wrote itself.
    init(peer: SocketAddress?, forwarded: String?) {
        let address = peer?.ipAddress ?? ""
        guard Self.isPrivate(peer) else {
            (text, isShared) = (address, false)
            return
        }
        let last = forwarded?.split(separator: ",").last?.filter { $0.isASCII && !$0.isWhitespace } ?? ""
        (text, isShared) = last.isEmpty ? (address, true) : (String(last.prefix(64)), false)
    }

    /// Loopback, the private ranges of RFC 1918, RFC 6598 and RFC 4193, and link-local addresses.
    static func isPrivate(_ peer: SocketAddress?) -> Bool {
        switch peer {
        case .v4(let address): isPrivate(UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address):
            withUnsafeBytes(of: address.address.sin6_addr) { bytes in
                if bytes.prefix(10).allSatisfy({ $0 == 0 }), bytes[10] == 0xFF, bytes[11] == 0xFF {
                    return isPrivate(bytes.suffix(4).reduce(0) { $0 << 8 | UInt32($1) })
                }
                let isLoopback = bytes.prefix(15).allSatisfy { $0 == 0 } && bytes[15] == 1
                return isLoopback || bytes[0] & 0xFE == 0xFC || bytes[0] == 0xFE && bytes[1] & 0xC0 == 0x80
            }
        case .unixDomainSocket, nil: true
        }
    }

    private static func isPrivate(_ v4: UInt32) -> Bool {
        switch v4 {
        case 0x7F00_0000...0x7FFF_FFFF, 0x0A00_0000...0x0AFF_FFFF, 0xAC10_0000...0xAC1F_FFFF: true
        case 0xC0A8_0000...0xC0A8_FFFF, 0x6440_0000...0x647F_FFFF, 0xA9FE_0000...0xA9FE_FFFF: true
        default: false
        }
    }
}
