public import WhatsAppKeys

/// A prekey that many sessions may use for some weeks, signed by the identity key.
public struct SignedPrekey: Sendable {
    /// 1...0xFFFFFF.
    public let id: UInt32
    /// The keys; peers get the public one.
    public let pair: KeyPair
    /// The identity's signature over `05 || public key`, 64 bytes.
    public let signature: [UInt8]

    /// A signed prekey from storage.
    public init(id: UInt32, pair: KeyPair, signature: [UInt8]) {
        self.id = id
        self.pair = pair
        self.signature = signature
    }

    /// A new one.
    /// - Throws: `.exhausted` where the id does not fit into 24 bits.
    public init(id: UInt32, signedBy identity: SigningKey) throws(SignalError) {
        guard id >= 1, id <= SignalLimits.prekeyID else {
            throw SignalError(.exhausted, "the id of a signed prekey does not fit into 24 bits: begin with 1 again")
        }
        let pair = KeyPair.random()
        self.init(id: id, pair: pair, signature: XEdDSA.sign(pair.publicKey.prefixed, with: identity))
    }
}
