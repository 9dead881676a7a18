import WhatsAppKeys

/// A message in a session: `33 || protobuf || MAC (8 bytes)`.
struct SignalMessage {
    static let macByteCount = 8

    /// The whole message.
    let bytes: [UInt8]
    let ratchetKey: PublicKey
    let counter: UInt32
    private let ciphertextRange: Range<Int>

    /// Reads a message; whether it is genuine is for the session to say.
    ///
    /// The previous counter is not read: each chain keeps its own end, and some senders write -1.
    init(_ bytes: [UInt8]) throws(SignalError) {
        var reader = FieldReader(bytes, in: try MessageVersion.body(of: bytes, tail: Self.macByteCount))
        var ratchetKey: PublicKey?
        var counter: UInt32?
        var ciphertext: Range<Int>?
        while let (number, value) = try reader.next() {
            switch number {
            case 1: ratchetKey = try MessageVersion.key(bytes, value.range())
            case 2: counter = try value.uint32()
            case 4: ciphertext = try value.range()
            default: break
            }
        }
        guard let ratchetKey, let counter, let ciphertext else {
            throw .malformed("a message in a session lacks ratchet key, counter or ciphertext")
        }
        self.bytes = bytes
        self.ratchetKey = ratchetKey
        self.counter = counter
        ciphertextRange = ciphertext
    }

    var ciphertext: ArraySlice<UInt8> { bytes[ciphertextRange] }
    /// What the MAC is over, besides the identities.
    var authenticated: ArraySlice<UInt8> { bytes.dropLast(Self.macByteCount) }
    var mac: ArraySlice<UInt8> { bytes.suffix(Self.macByteCount) }

    /// Version byte and protobuf, without the MAC.
    static func body(
        ratchetKey: PublicKey, counter: UInt32, previousCounter: UInt32, ciphertext: [UInt8]
    ) -> FieldWriter {
        var writer = FieldWriter(capacity: ciphertext.count + 72)
        writer.key(1, ratchetKey)
        writer.number(2, counter)
        writer.number(3, previousCounter)
        writer.data(4, ciphertext)
        return writer
    }
}
