import Foundation
import WhatsAppKeys
import WhatsAppWire

/// A connection that registered as a new companion and waits to be linked.
final class Pairing {
    /// What the phone has offered.
    struct Offer {
        let account: EmulatedAccount
        let deviceNumber: UInt16
        let keyIndex: UInt32
        /// The `DeviceIdentity` message that was signed.
        let details: [UInt8]
        let accountKey: [UInt8]
        let accountSignature: [UInt8]
        /// The id of the stanza that offered it.
        let stanzaID: String
    }

    /// Linking by a code, between its two requests.
    struct CodeRequest {
        let reference: [UInt8]
        let number: String
        /// Salt (32), IV (16) and the companion's encrypted ephemeral key (32).
        let wrapped: [UInt8]
        var companionEphemeral: PublicKey?
        var ephemeral: KeyPair?
    }

    let number: Int
    unowned let link: WebLink
    let identity: PublicKey
    let registrationID: UInt32
    let signedKey: EmulatedDevice.SignedKey
    let properties: [String: EmulatorJSON]
    /// The texts of the QR codes.
    let references: [String]
    /// The id of the stanza that had them.
    let requestID = String(UInt32.random(in: 1 ... .max))
    var offer: Offer?
    var codeRequest: CodeRequest?

    init(
        number: Int, link: WebLink, identity: PublicKey, registrationID: UInt32,
        signedKey: EmulatedDevice.SignedKey, properties: [String: EmulatorJSON]
    ) {
        self.number = number
        self.link = link
        self.identity = identity
        self.registrationID = registrationID
        self.signedKey = signedKey
        self.properties = properties
        references = (0..<6).map { _ in "2@" + Identifiers.token(bytes: 96) }
    }
}

extension Identifiers {
    /// URL-safe base64 without padding of so many random bytes.
    static func token(bytes count: Int) -> String {
        Data(SecretBytes.random(count: count).exposed()).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    /// The id of a stanza that the server makes.
    static func stanza() -> String { HexadecimalText.text(SecretBytes.random(count: 8).exposed()).uppercased() }
}
