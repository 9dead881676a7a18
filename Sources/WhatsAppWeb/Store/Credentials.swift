import Crypto
import Foundation
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// The account's own keys and, once it is linked, who it is.
///
/// It is made once, before the first connection, and stored before any of its public halves leaves.
struct Credentials: Sendable {
    /// Authenticates this client to the server.
    var noise: KeyPair
    /// The identity in end-to-end encryption.
    var identity: SigningKey
    var registrationID: UInt32
    var signedPrekey: SignedPrekey
    /// Those that it has replaced and that messages may still name, the newest first.
    var earlierSignedPrekeys: [SignedPrekey] = []
    /// Whether the server may not have the signed prekey yet.
    var signedPrekeyIsNews = false
    /// Proves to the client that the phone has seen its QR code.
    var pairingSecret: SecretBytes
    /// What linking gave; nil before.
    var account: Account?
    /// The number of the next one-time prekey; numbers are never used twice.
    var nextPrekeyID: UInt32
    /// The name that contacts see.
    var pushName: String?

    /// A prekey of medium life, vouched for by the identity.
    struct SignedPrekey: Sendable {
        var id: UInt32
        var keys: KeyPair
        var signature: [UInt8]
        /// When it was made, in seconds since 1970.
        var madeAt: Int64
    }

    /// Who a linked client is.
    struct Account: Sendable, Hashable {
        /// Our device under the account's phone number, and under its hidden id.
        var phoneNumber: JID
        var lid: JID
        /// The identity that phone and device have signed: a `SignedDeviceIdentity` message with all four fields.
        var deviceIdentity: [UInt8]
        var platform: String?
        var businessName: String?
    }

    /// Fresh keys for a client that is not linked yet.
    static func random(at now: Date) -> Credentials {
        let identity = SigningKey.random()
        return Credentials(
            noise: .random(), identity: identity,
            // libsignal's range: 14 bits, not 0.
            registrationID: UInt32.random(in: 1...16_380),
            signedPrekey: SignedPrekey(id: 1, keys: .random(), by: identity, at: now),
            pairingSecret: .random(count: 32), account: nil, nextPrekeyID: 1, pushName: nil)
    }
}

extension Credentials.SignedPrekey {
    init(id: UInt32, keys: KeyPair, by identity: SigningKey, at now: Date) {
        self.init(
            id: id, keys: keys, signature: XEdDSA.sign(keys.publicKey.prefixed, with: identity),
            madeAt: Int64(now.timeIntervalSince1970))
    }
}
