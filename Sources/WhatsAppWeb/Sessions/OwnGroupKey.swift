import WhatsAppSignal
import WhatsAppWire

/// Our sender key in a group, and which devices have it.
struct OwnGroupKey: Sendable {
    private static let version: UInt8 = 1

    var key: OwnSenderKey
    /// The Signal addresses of those who were given it.
    var holders: Set<String>

    /// The form in the store.
    func serialized() -> [UInt8] {
        let key = key.serialized()
        let names = Array(holders.sorted().joined(separator: "\n").utf8)
        return [Self.version, UInt8(key.count >> 8), UInt8(key.count & 255)] + key + names
    }

    /// - Throws: `SignalError`, or `WebError` with `store`.
    init(serialized bytes: [UInt8]) throws {
        guard bytes.count > 3, bytes[0] == Self.version else {
            throw WebError(.store, "a stored group key is damaged or of a newer version")
        }
        let end = 3 + (Int(bytes[1]) << 8 | Int(bytes[2]))
        guard bytes.count >= end else { throw WebError(.store, "a stored group key is damaged") }
        key = try OwnSenderKey(serialized: Array(bytes[3..<end]))
        holders = Set(String(decoding: bytes[end...], as: UTF8.self).split(separator: "\n").map(String.init))
    }

    init(key: OwnSenderKey) {
        self.key = key
        holders = []
    }
}
