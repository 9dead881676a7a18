public import Foundation
import WhatsAppWire

/// The media servers that may be used now, and the word that opens them.
public struct MediaConnection: Sendable, Hashable {
    /// Names with port where there is one, the best first.
    public var hosts: [String]
    /// A secret for uploads.
    public var auth: String
    /// After which it must be asked for again.
    public var expiresAt: Date

    /// The most hosts that are tried.
    static let mostHosts = 8

    public init(hosts: [String], auth: String, expiresAt: Date) {
        self.hosts = Array(hosts.filter(Self.isHost).prefix(Self.mostHosts))
        self.auth = auth
        self.expiresAt = expiresAt
    }

    /// The request for it.
    static let request = Node(
        "iq", ["xmlns": "w:m", "type": "set", "to": .jid(.whatsApp)], [Node("media_conn")])

    /// Reads the answer to `request`.
    /// - Throws: `WebError` with `malformed`.
    init(answer: Node, at now: Date) throws(WebError) {
        guard let element = answer.child("media_conn"), let auth = element.text("auth"), !auth.isEmpty else {
            throw WebError(.malformed, "the answer to media_conn has no auth")
        }
        // A server that says nothing of a time gets a short one.
        let seconds = (try? element.number("ttl", as: Int.self)) ?? nil
        self.init(
            hosts: element.children("host").compactMap { $0.text("hostname") }, auth: auth,
            expiresAt: now.addingTimeInterval(Double(min(max(seconds ?? 60, 30), 86_400))))
        guard !hosts.isEmpty else { throw WebError(.malformed, "the answer to media_conn names no host") }
    }

    private static func isHost(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 255
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"):
                    true
                default: false
                }
            }
    }
}
