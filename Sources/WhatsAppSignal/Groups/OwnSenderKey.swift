import WhatsAppKeys

/// Our own sender key in one group: encrypts once for all members who were given its distribution.
///
/// A value: functions return the key that follows, and what they return replaces the key they were called on.
/// Make a new one after anybody left or was removed.
public struct OwnSenderKey: Sendable {
    private static let version: UInt8 = 2

    /// What receivers find the key by.
    public let id: UInt32
    private let signingKey: SigningKey
    private var outgoing: OutgoingChain

    /// A new key, with nothing reserved.
    public init() {
        var generator = SystemRandomNumberGenerator()
        self.init(
            id: .random(in: 1...0x7FFF_FFFF, using: &generator), chainKey: .random(count: HashChain.keyByteCount),
            signingKey: .random())
    }

    init(id: UInt32, chainKey: SecretBytes, signingKey: SigningKey) {
        self.id = id
        self.signingKey = signingKey
        outgoing = OutgoingChain(chainKey)
    }

    /// How many messages can be encrypted before the next reservation.
    public var remaining: Int { Int(outgoing.remaining) }

    /// Whether so many counters were lost to crashes that members may soon refuse the next one: make a new key.
    public var isWorn: Bool { outgoing.isWorn }

    /// What lets a member read all messages from now on: send it in a session, and keep it nowhere.
    public var distribution: [UInt8] {
        SenderKeyDistribution(id: id, chain: outgoing.chain, signingKey: signingKey.publicKey).bytes
    }

    /// The key with at least `count` counters for the next messages: at least 1, at most `SignalLimits.reservation`.
    ///
    /// Store what is returned durably before the first message is published; the messages themselves need no further
    /// write. A key that is read from disk goes on behind its reservation.
    /// - Throws: `.exhausted`.
    public func reserving(_ count: Int) throws(SignalError) -> OwnSenderKey {
        var key = self
        key.outgoing = try outgoing.reserving(UInt32(clamping: count))
        return key
    }

    /// The key with no counters reserved, to be stored when it leaves memory with nothing in flight.
    public func released() -> OwnSenderKey {
        var key = self
        key.outgoing = outgoing.released()
        return key
    }

    /// One message for the group, and the key that replaces this one.
    /// - Parameter plaintext: with WhatsApp's padding, see `MessagePadding`.
    /// - Throws: `.notReserved` or `.exhausted`.
    public func encrypt(_ plaintext: [UInt8]) throws(SignalError) -> (bytes: [UInt8], key: OwnSenderKey) {
        let (seed, iteration, rest) = try outgoing.taking()
        let ciphertext = try MessageKeys(group: seed).encrypt(plaintext)
        var key = self
        key.outgoing = rest
        let bytes = SenderKeyMessage.bytes(id: id, iteration: iteration, ciphertext: ciphertext, signedBy: signingKey)
        return (bytes, key)
    }

    /// The key as it is stored: for an encrypted or otherwise protected place only.
    public func serialized() -> [UInt8] {
        var writer = RecordWriter(capacity: 160)
        writer.byte(Self.version)
        writer.number(id)
        writer.secret(signingKey.pair.privateKey)
        writer.key(signingKey.publicKey)
        writer.data(signingKey.point)
        outgoing.write(to: &writer)
        return writer.bytes
    }

    /// A stored key, which goes on behind what it had reserved.
    /// - Throws: `.record` if it is damaged, `.recordVersion` if a newer program wrote it.
    public init(serialized bytes: [UInt8]) throws(SignalError) {
        var reader = try RecordReader(bytes, version: Self.version, of: "own sender key")
        id = try reader.number()
        let privateKey = try reader.secret()
        let publicKey = try reader.key()
        let point = try reader.data(32)
        signingKey = try SignalError.keys("a stored signing key") { () throws(KeyError) in
            try SigningKey(KeyPair(privateKey: privateKey, storedWith: publicKey), storedWith: point)
        }
        outgoing = try OutgoingChain(from: &reader)
        try reader.finish()
    }
}

extension OwnSenderKey: CustomStringConvertible, CustomReflectable {
    /// Only the id.
    public var description: String { "OwnSenderKey(\(id))" }
    /// Nothing more than the description.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
