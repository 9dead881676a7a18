import WhatsAppKeys

/// What a sender gives each member of a group, so that they can read its messages from now on: `33 || protobuf`.
struct SenderKeyDistribution {
    let id: UInt32
    let chain: HashChain
    let signingKey: PublicKey

    init(id: UInt32, chain: HashChain, signingKey: PublicKey) {
        self.id = id
        self.chain = chain
        self.signingKey = signingKey
    }

    init(_ bytes: [UInt8]) throws(SignalError) {
        var reader = FieldReader(bytes, in: try MessageVersion.body(of: bytes))
        var (id, iteration): (UInt32?, UInt32?)
        var chainKey: SecretBytes?
        var signingKey: PublicKey?
        while let (number, value) = try reader.next() {
            switch number {
            case 1: id = try value.uint32()
            case 2: iteration = try value.uint32()
            case 3:
                let range = try value.range()
                guard range.count == HashChain.keyByteCount else { throw .malformed("a chain key must have 32 bytes") }
                chainKey = bytes.withUnsafeBytes { SecretBytes(UnsafeRawBufferPointer(rebasing: $0[range])) }
            case 4: signingKey = try MessageVersion.key(bytes, value.range())
            default: break
            }
        }
        guard let id, let iteration, let chainKey, let signingKey else {
            throw .malformed("a sender key lacks id, iteration, chain key or signing key")
        }
        self.init(id: id, chain: HashChain(key: chainKey, counter: iteration), signingKey: signingKey)
    }

    /// The bytes hold the chain key: send them in a session, and keep them nowhere.
    var bytes: [UInt8] {
        var writer = FieldWriter(capacity: 88)
        writer.number(1, id)
        writer.number(2, chain.counter)
        writer.data(3, chain.key.exposed())
        writer.key(4, signingKey)
        return writer.bytes
    }
}
