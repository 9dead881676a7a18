import WhatsAppKeys

/// A message to a group: `33 || protobuf || XEdDSA signature (64 bytes)`.
struct SenderKeyMessage {
    private let bytes: [UInt8]
    let id: UInt32
    let iteration: UInt32
    private let ciphertextRange: Range<Int>

    /// Reads a message; whether it is genuine is for `isSigned` to say.
    init(_ bytes: [UInt8]) throws(SignalError) {
        var reader = FieldReader(bytes, in: try MessageVersion.body(of: bytes, tail: XEdDSA.byteCount))
        var (id, iteration): (UInt32?, UInt32?)
        var ciphertext: Range<Int>?
        while let (number, value) = try reader.next() {
            switch number {
            case 1: id = try value.uint32()
            case 2: iteration = try value.uint32()
            case 3: ciphertext = try value.range()
            default: break
            }
        }
        guard let id, let iteration, let ciphertext else {
            throw .malformed("a group message lacks id, iteration or ciphertext")
        }
        self.bytes = bytes
        self.id = id
        self.iteration = iteration
        ciphertextRange = ciphertext
    }

    var ciphertext: ArraySlice<UInt8> { bytes[ciphertextRange] }

    func isSigned(by key: PublicKey) -> Bool {
        XEdDSA.isValid(
            Array(bytes.suffix(XEdDSA.byteCount)), over: Array(bytes.dropLast(XEdDSA.byteCount)), by: key)
    }

    static func bytes(id: UInt32, iteration: UInt32, ciphertext: [UInt8], signedBy key: SigningKey) -> [UInt8] {
        var writer = FieldWriter(capacity: ciphertext.count + 88)
        writer.number(1, id)
        writer.number(2, iteration)
        writer.data(3, ciphertext)
        writer.append(XEdDSA.sign(writer.bytes, with: key))
        return writer.bytes
    }
}
