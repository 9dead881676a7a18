import WhatsAppKeys

@testable import WhatsAppSignal

/// A device with an identity and prekeys.
struct TestDevice {
    let identity = KeyPair.random()
    let registrationID = UInt32.random(in: 1...16_380)
    let signedPrekey: SignedPrekey
    var prekeys: [UInt32: Prekey] = [:]
    let cipher: SessionCipher

    init(prekeys count: Int = 4) throws {
        signedPrekey = try SignedPrekey(id: 1, signedBy: SigningKey(identity))
        cipher = SessionCipher(identity: identity, registrationID: registrationID)
        for prekey in try Prekey.batch(from: 1, count: count) { prekeys[prekey.id] = prekey }
    }

    func bundle(prekey id: UInt32? = 1) throws -> PrekeyBundle {
        let prekey = id.flatMap { prekeys[$0] }
        return try PrekeyBundle(
            registrationID: registrationID, identity: identity.publicKey, signedPrekeyID: signedPrekey.id,
            signedPrekey: signedPrekey.pair.publicKey, signature: signedPrekey.signature,
            prekey: prekey.map { PrekeyBundle.OneTimeKey(id: $0.id, key: $0.pair.publicKey) })
    }

    /// Opens either kind of message.
    func open(
        _ kind: SealedMessage.Kind, _ bytes: [UInt8], in record: SessionRecord?, trusting: PublicKey? = nil
    ) throws -> OpenedMessage {
        switch kind {
        case .prekey:
            let message = try PreKeySignalMessage(bytes)
            return try cipher.decrypt(
                message, in: record, signedPrekey: signedPrekey, prekey: message.prekeyID.flatMap { prekeys[$0] },
                trusting: trusting)
        case .session:
            guard let record else { throw SignalError(.noSession, "there is no record") }
            return try cipher.decrypt(bytes, in: record, trusting: trusting)
        }
    }

    func open(_ message: SealedMessage, in record: SessionRecord?, trusting: PublicKey? = nil) throws -> OpenedMessage {
        try open(message.kind, message.bytes, in: record, trusting: trusting)
    }
}

/// The code of the error that `body` throws, or nil.
func code(_ body: () throws -> Void) -> SignalError.Code? {
    do {
        try body()
        return nil
    } catch {
        return (error as? SignalError)?.code
    }
}
