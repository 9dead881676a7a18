public import WhatsAppKeys

/// What the server gives out so that a session with a device can begin; the signature has been checked.
public struct PrekeyBundle: Sendable {
    /// A one-time prekey of the device.
    public struct OneTimeKey: Sendable, Hashable {
        /// Its id at the device.
        public let id: UInt32
        /// Its public half.
        public let key: PublicKey

        /// The key with this id.
        public init(id: UInt32, key: PublicKey) {
            self.id = id
            self.key = key
        }
    }

    /// The device's number for its registration.
    public let registrationID: UInt32
    /// The device's identity.
    public let identity: PublicKey
    /// The id of the signed prekey.
    public let signedPrekeyID: UInt32
    /// The signed prekey.
    public let signedPrekey: PublicKey
    /// A one-time prekey, unless the device has none left.
    public let prekey: OneTimeKey?

    /// Checks `signature` by `identity` over `05 || signedPrekey`.
    /// - Throws: `.signature` if it does not fit.
    public init(
        registrationID: UInt32, identity: PublicKey, signedPrekeyID: UInt32, signedPrekey: PublicKey,
        signature: [UInt8], prekey: OneTimeKey?
    ) throws(SignalError) {
        guard XEdDSA.isValid(signature, over: signedPrekey.prefixed, by: identity) else {
            throw SignalError(.signature, "the signed prekey of a bundle is not signed by its identity")
        }
        self.registrationID = registrationID
        self.identity = identity
        self.signedPrekeyID = signedPrekeyID
        self.signedPrekey = signedPrekey
        self.prekey = prekey
    }
}
