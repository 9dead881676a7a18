import Crypto
import CryptoExtras
import Foundation
import WhatsAppKeys
import WhatsAppWire

/// Linking by a code that the owner types on the phone instead of scanning a QR code.
///
/// Both sides exchange keys that are encrypted with the code; who does not know it learns nothing by listening, and
/// gets five guesses a try: whoever types wrongly may type again.
struct LinkCode: Sendable {
    /// The 8 characters, without the dash.
    let code: String
    /// The phone number that the code is for, digits only.
    let number: String
    private let ephemeral: KeyPair
    private let salt: [UInt8]
    private let vector: [UInt8]
    /// How many answers of the phone are looked at.
    static let mostAnswers = 5
    /// How many were.
    var answers = 0
    /// What the server calls this try.
    private(set) var reference: [UInt8]?

    /// What one answer to the phone takes from the random source.
    struct Dice: Sendable {
        var random = SecretBytes.random(count: 32)
        var bundleSalt = SecretBytes.random(count: 32)
        /// 12 bytes.
        var nonce = SecretBytes.random(count: 12).exposed()
    }

    /// What is asked of the server at the end, and what proves the account from then on.
    struct Finish: Sendable {
        var request: Node
        var pairingSecret: SecretBytes
    }

    /// A new code from the system's random source.
    /// - Parameter number: the account's phone number in international form; anything but digits is dropped.
    /// - Throws: `WebError` with `invalid` when it has not 7 to 15 digits or begins with 0.
    init(for number: String) throws {
        let digits = number.filter { $0.isASCII && $0.isNumber }
        guard (7...15).contains(digits.count), !digits.hasPrefix("0") else {
            throw WebError(.invalid, "a phone number has 7 to 15 digits and begins with its country's code")
        }
        self.init(
            number: digits, code: Self.text(SecretBytes.random(count: 5).exposed()), ephemeral: .random(),
            salt: SecretBytes.random(count: 32).exposed(), vector: SecretBytes.random(count: 16).exposed())
    }

    init(number: String, code: String, ephemeral: KeyPair, salt: [UInt8], vector: [UInt8]) {
        self.number = number
        self.code = code
        self.ephemeral = ephemeral
        self.salt = salt
        self.vector = vector
    }

    /// The code as people read it.
    var shown: String { "\(code.prefix(4))-\(code.dropFirst(4))" }

    /// The first question to the server.
    func hello(from credentials: Credentials) throws -> Node {
        let wrapped = try Self.crypt(ephemeral.publicKey.bytes, key: key(salt: salt), vector: vector)
        return Node(
            "iq", ["to": .jid(.whatsApp), "type": "set", "xmlns": "md"],
            [
                Node(
                    "link_code_companion_reg",
                    [
                        "jid": .jid(.phoneNumber(number)), "stage": "companion_hello",
                        "should_show_push_notification": "true",
                    ],
                    [
                        Node(
                            "link_code_pairing_wrapped_companion_ephemeral_pub", bytes: salt + vector + wrapped),
                        Node("companion_server_auth_key_pub", bytes: credentials.noise.publicKey.bytes),
                        Node("companion_platform_id", utf8: "1"),
                        // The server takes nothing that does not look like a browser on a system.
                        Node("companion_platform_display", utf8: "Chrome (Linux)"),
                        Node("link_code_pairing_nonce", bytes: [0]),
                    ])
            ])
    }

    /// Takes the server's answer to `hello`.
    mutating func accept(_ answer: Node) throws {
        guard let bytes = answer.descendant("link_code_companion_reg", "link_code_pairing_ref")?.bytes,
            bytes.count <= 1024
        else { throw WebError(.malformed, "the server's answer to the code has no reference") }
        reference = bytes
    }

    /// Whether a notification is the phone's answer to this try.
    func isAnswered(by notification: Node) -> Bool {
        guard let reference, let part = notification.child("link_code_companion_reg") else { return false }
        return part.text("stage") == "primary_hello" && part.child("link_code_pairing_ref")?.bytes == reference
    }

    /// Takes the phone's keys, which come when the owner has typed the code.
    /// - Throws: `WebError` with `malformed`, also when what came belongs to another try.
    func finish(_ notification: Node, with credentials: Credentials, dice: Dice = Dice()) throws -> Finish {
        guard isAnswered(by: notification), let part = notification.child("link_code_companion_reg"), let reference,
            let wrapped = part.child("link_code_pairing_wrapped_primary_ephemeral_pub")?.bytes, wrapped.count == 80,
            let identity = part.child("primary_identity_pub")?.bytes, identity.count == 32
        else { throw WebError(.malformed, "the phone's answer to the code is damaged or of another try") }
        do {
            let theirs = try PublicKey(
                Self.crypt(
                    Array(wrapped[48...]), key: key(salt: Array(wrapped[..<32])), vector: Array(wrapped[32..<48])))
            let phone = try PublicKey(identity)
            let shared = try ephemeral.agree(with: theirs)
            let bundleKey = KeyDerivation.expand(
                shared, salt: dice.bundleSalt, info: "link_code_pairing_key_bundle_encryption_key", count: 32)
            let box = try AES.GCM.seal(
                credentials.identity.publicKey.bytes + phone.bytes + dice.random.exposed(),
                using: bundleKey.withUnsafeBytes { SymmetricKey(data: $0) }, nonce: AES.GCM.Nonce(data: dice.nonce))
            let secret = KeyDerivation.expand(
                SecretBytes(joining: [shared, try credentials.identity.pair.agree(with: phone), dice.random]),
                info: "adv_secret", count: 32)
            let request = Node(
                "iq", ["to": .jid(.whatsApp), "type": "set", "xmlns": "md"],
                [
                    Node(
                        "link_code_companion_reg",
                        ["jid": .jid(.phoneNumber(number)), "stage": "companion_finish"],
                        [
                            Node(
                                "link_code_pairing_wrapped_key_bundle",
                                bytes: dice.bundleSalt.exposed() + dice.nonce + Array(box.ciphertext)
                                    + Array(box.tag)),
                            Node("companion_identity_public", bytes: credentials.identity.publicKey.bytes),
                            Node("link_code_pairing_ref", bytes: reference),
                        ])
                ])
            return Finish(request: request, pairingSecret: secret)
        } catch {
            throw WebError(.malformed, "the phone's keys are not what the code makes them; ask for a new code")
        }
    }

    private static let alphabet = Array("123456789ABCDEFGHJKLMNPQRSTVWXYZ")

    /// 5 bytes as 8 characters.
    static func text(_ bytes: [UInt8]) -> String {
        let number = bytes.prefix(5).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return String((0..<8).map { alphabet[Int(number >> (35 - 5 * UInt64($0))) & 31] })
    }

    /// The key that code and salt make; slow on purpose, so that the code cannot be guessed offline.
    private func key(salt: [UInt8]) throws -> SymmetricKey {
        try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(code.utf8), salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: 131_072)
    }

    private static func crypt(_ bytes: [UInt8], key: SymmetricKey, vector: [UInt8]) throws -> [UInt8] {
        Array(try AES._CTR.encrypt(bytes, using: key, nonce: AES._CTR.Nonce(nonceBytes: vector)))
    }
}
