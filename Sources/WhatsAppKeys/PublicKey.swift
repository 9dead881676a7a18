/// An X25519 public key: the 32 bytes of a u-coordinate, little endian (RFC 7748).
public struct PublicKey: Sendable, Hashable {
    /// The length of the key alone.
    public static let byteCount = 32
    /// The length with the type byte before it.
    public static let prefixedByteCount = 33
    /// The type byte of Curve25519 keys in Signal's messages.
    public static let type: UInt8 = 5

    private let words: KeyWords

    /// The key in `bytes`, with or without the type byte 5 before it.
    public init(_ bytes: UnsafeRawBufferPointer) throws(KeyError) {
        var bytes = bytes
        if bytes.count == Self.prefixedByteCount {
            guard bytes[0] == Self.type else { throw KeyError(.type, "a public key of 33 bytes must begin with 5") }
            bytes = UnsafeRawBufferPointer(rebasing: bytes[1...])
        }
        guard bytes.count == Self.byteCount else {
            throw KeyError(.length, "a public key has 32 or 33 bytes, not \(bytes.count)")
        }
        var words = KeyWords()
        withUnsafeMutableBytes(of: &words) { $0.copyMemory(from: bytes) }
        self.words = words
    }

    /// The key in `bytes`, with or without the type byte 5 before it.
    public init(_ bytes: [UInt8]) throws(KeyError) {
        self = try bytes.span.withUnsafeBytes { buffer throws(KeyError) in try PublicKey(buffer) }
    }

    /// A key that `fill` writes into 32 bytes.
    init(fill: (UnsafeMutableRawBufferPointer) -> Void) {
        var words = KeyWords()
        withUnsafeMutableBytes(of: &words) { fill($0) }
        self.words = words
    }

    /// Lends the 32 bytes.
    public func withUnsafeBytes<Value, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Value
    ) throws(Failure) -> Value {
        try Swift.withUnsafeBytes(of: words, body)
    }

    /// The 32 bytes.
    public var bytes: [UInt8] { withUnsafeBytes { Array($0) } }

    /// The 33 bytes `05 || key`.
    public var prefixed: [UInt8] {
        var result: [UInt8] = []
        result.reserveCapacity(Self.prefixedByteCount)
        appendPrefixed(to: &result)
        return result
    }

    /// Appends the 33 bytes `05 || key`.
    public func appendPrefixed(to output: inout [UInt8]) {
        output.append(Self.type)
        withUnsafeBytes { output.append(contentsOf: $0) }
    }

    /// Whether the u-coordinate is smaller than p = 2^255 - 19.
    var isCanonical: Bool {
        let top: UInt64 = 0x7FFF_FFFF_FFFF_FFFF
        if words[3] > top { return false }
        return !(words[3] == top && words[2] == .max && words[1] == .max && words[0] >= .max - 18)
    }

    /// Whether a multiple of this point by a cofactor vanishes; such a key agrees with everybody on zero.
    var hasSmallOrder: Bool { Self.smallOrders.contains(words.withoutTopBit) }

    /// u of the points of order 1, 2, 4 and 8 on the curve and its twist, with their forms not below p.
    private static let smallOrders: [KeyWords] = [
        KeyWords(0, 0, 0, 0),
        KeyWords(1, 0, 0, 0),
        KeyWords(0xAEB8_413B_7C7A_EBE0, 0x6AC4_9FF1_FAE3_5616, 0xFDB1_329C_EB8D_09DA, 0x00B8_495F_1605_6286),
        KeyWords(0x248C_50A3_BC95_9C5F, 0x5BEF_839C_55B1_D0B1, 0x868E_1C58_C45C_4404, 0x5711_9FD0_DD4E_22D8),
        KeyWords(0xFFFF_FFFF_FFFF_FFEC, .max, .max, .max >> 1),
        KeyWords(0xFFFF_FFFF_FFFF_FFED, .max, .max, .max >> 1),
        KeyWords(0xFFFF_FFFF_FFFF_FFEE, .max, .max, .max >> 1),
    ]
}

extension PublicKey: CustomStringConvertible, CustomReflectable {
    /// The first four bytes, enough to tell two keys apart in a log.
    public var description: String {
        let start = bytes.prefix(4).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        return "PublicKey(\(start.joined())…)"
    }
    /// Nothing more than the description.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
