import WhatsAppSignal
import WhatsAppWire

/// Our sender key in a group, and which devices have it.
struct OwnGroupKey: Sendable {
    private static let version: UInt8 = 1

    var key: OwnSenderKey
    /// The Signal addresses of those who may have it.
    var holders: Set<String>
    /// Those of them who may not have it: the server has not said yet that it took the message with the key.
    var unsure: Set<String>

    /// The form in the store.
    func serialized() -> [UInt8] {
        let key = key.serialized()
        let marked = holders.sorted().map { unsure.contains($0) ? "?\($0)" : $0 }
        let names = Array(marked.joined(separator: "\n").utf8)
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
        let names = String(decoding: bytes[end...], as: UTF8.self).split(separator: "\n")
        unsure = Set(names.filter { $0.hasPrefix("?") }.map { String($0.dropFirst()) })
        holders = Set(names.filter { !$0.hasPrefix("?") }.map(String.init)).union(unsure)
    }

    init(key: OwnSenderKey) {
        self.key = key
        holders = []
        unsure = []
    }

    /// Notes whom the key is sent to.
    mutating func give(to addresses: [String]) {
        holders.formUnion(addresses)
        unsure.formUnion(addresses)
    }

    /// Whether the device has the key for certain.
    func isHeld(by address: String) -> Bool { holders.contains(address) && !unsure.contains(address) }
}
