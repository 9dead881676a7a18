import Crypto

/// How far a collection of the app state is known, and the hash over all that is in it.
struct AppStateVersion: Sendable, Hashable {
    let collection: AppStateCollection
    var number: UInt64
    var hash: LatticeHash

    /// An empty collection.
    init(_ collection: AppStateCollection) {
        self.collection = collection
        number = 0
        hash = LatticeHash()
    }

    /// What `bytes` gave.
    /// - Returns: nil if they are damaged.
    init?(_ collection: AppStateCollection, bytes: [UInt8]) {
        guard bytes.count == 8 + LatticeHash.byteCount, let hash = LatticeHash(Array(bytes[8...])) else { return nil }
        self.collection = collection
        number = bytes[..<8].reduce(0) { $0 << 8 | UInt64($1) }
        self.hash = hash
    }

    /// For the store: the number (8 bytes, big-endian) and the hash (128 bytes).
    var bytes: [UInt8] { Self.bigEndian(number) + hash.bytes }

    /// The MAC over the whole collection at this version.
    func snapshotMAC(_ keys: AppStateKeys) -> [UInt8] {
        var mac = HMAC<SHA256>(key: keys.snapshotMAC)
        mac.update(data: hash.bytes)
        mac.update(data: Self.bigEndian(number))
        mac.update(data: Array(collection.rawValue.utf8))
        return Array(mac.finalize())
    }

    /// The MAC over a patch that leads to this version.
    func patchMAC(_ keys: AppStateKeys, snapshotMAC: [UInt8], valueMACs: [[UInt8]]) -> [UInt8] {
        var mac = HMAC<SHA256>(key: keys.patchMAC)
        mac.update(data: snapshotMAC)
        for value in valueMACs { mac.update(data: value) }
        mac.update(data: Self.bigEndian(number))
        mac.update(data: Array(collection.rawValue.utf8))
        return Array(mac.finalize())
    }

    static func bigEndian(_ number: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: number >> (56 - 8 * $0)) }
    }
}
