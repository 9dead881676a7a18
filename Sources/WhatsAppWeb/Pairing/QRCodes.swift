import Foundation
import WhatsAppKeys
import WhatsAppWire

/// The QR codes that a server's references make, one after the other.
struct QRCodes: Sendable {
    /// How long the first is shown, and each further one.
    static let firstShownFor = Duration.seconds(60)
    static let othersShownFor = Duration.seconds(20)

    private var references: ArraySlice<String>
    private let suffix: String
    private var isFirst = true

    /// - Parameter node: the `<pair-device>` of the server.
    /// - Throws: `WebError` with `malformed` when there is no reference in it.
    init(_ node: Node, for credentials: Credentials) throws {
        let references = node.children("ref").prefix(20).compactMap(\.text)
        guard !references.isEmpty else { throw WebError(.malformed, "the server sent no codes to link with") }
        self.references = references[...]
        let keys = [
            Data(credentials.noise.publicKey.bytes), Data(credentials.identity.publicKey.bytes),
            credentials.pairingSecret.withUnsafeBytes { Data($0) },
        ]
        // Platform 7 is a desktop client.
        suffix = "," + keys.map { $0.base64EncodedString() }.joined(separator: ",") + ",7"
    }

    /// The next code and how long to show it; nil when they have run out.
    mutating func next() -> (text: String, shownFor: Duration)? {
        guard let reference = references.popFirst() else { return nil }
        defer { isFirst = false }
        return (
            "https://wa.me/settings/linked_devices#" + reference + suffix,
            isFirst ? Self.firstShownFor : Self.othersShownFor
        )
    }
}
