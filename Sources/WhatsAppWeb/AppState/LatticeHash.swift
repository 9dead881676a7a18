import Crypto

/// A hash over a set of values to which values are added and from which they are taken in any order ("LT hash").
///
/// Each value becomes 64 little-endian 16-bit words (HKDF-SHA256), which are added modulo 2^16.
struct LatticeHash: Sendable, Hashable {
    /// How long its bytes are.
    static let byteCount = 128

    private var words = [UInt16](repeating: 0, count: LatticeHash.byteCount / 2)

    /// The hash of nothing.
    init() {}

    /// - Returns: nil unless there are 128 bytes.
    init?(_ bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        for index in words.indices { words[index] = UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8 }
    }

    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(Self.byteCount)
        for word in words {
            bytes.append(UInt8(truncatingIfNeeded: word))
            bytes.append(UInt8(word >> 8))
        }
        return bytes
    }

    mutating func add(_ value: [UInt8]) {
        mix(value) { $0 &+ $1 }
    }

    mutating func remove(_ value: [UInt8]) {
        mix(value) { $0 &- $1 }
    }

    private mutating func mix(_ value: [UInt8], _ operation: (UInt16, UInt16) -> UInt16) {
        let term = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: value), info: Self.info, outputByteCount: Self.byteCount)
        term.withUnsafeBytes { bytes in
            for index in words.indices {
                words[index] = operation(
                    words[index], UInt16(bytes[2 * index]) | UInt16(bytes[2 * index + 1]) << 8)
            }
        }
    }

    private static let info = Array("WhatsApp Patch Integrity".utf8)
}
