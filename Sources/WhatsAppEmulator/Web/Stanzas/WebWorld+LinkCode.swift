import Crypto
import CryptoExtras
import Foundation
import WhatsAppKeys
import WhatsAppWire

/// Linking by a code of eight characters.
extension WebWorld {
    /// The two requests that a companion makes before it is linked.
    func linkCode(_ request: Node, for pairing: Pairing) throws -> [Node] {
        switch request.text("stage") {
        case "companion_hello": return [try hello(request, pairing)]
        case "companion_finish":
            try finish(request, pairing)
            return []
        default: throw StanzaRefusal.badRequest("linking by code has no such stage")
        }
    }

    private func hello(_ request: Node, _ pairing: Pairing) throws -> Node {
        let jid = try request.requiredJID("jid")
        let wrapped = try request.requiredChild("link_code_pairing_wrapped_companion_ephemeral_pub")
            .requiredBytes(count: 80)
        let key = try request.requiredChild("companion_server_auth_key_pub").requiredBytes(count: 32)
        guard key == pairing.link.key.bytes else {
            throw StanzaRefusal.badRequest("the companion names another Noise key than the connection's")
        }
        _ = try request.requiredChild("companion_platform_id").requiredBytes()
        let display = try request.requiredChild("companion_platform_display").text ?? ""
        guard display.contains(" ("), display.hasSuffix(")") else {
            throw StanzaRefusal.badRequest("the platform must look like: Browser (system)")
        }
        _ = try request.requiredChild("link_code_pairing_nonce").requiredBytes()
        let reference = SecretBytes.random(count: 16).exposed()
        pairing.codeRequest = .init(reference: reference, number: jid.user, wrapped: wrapped)
        log.note("\(pairing.link.name) asks to be linked by code to \(jid.user)")
        return Node(
            "link_code_companion_reg", ["stage": "companion_hello"],
            [Node("link_code_pairing_ref", bytes: reference)])
    }

    /// The owner types the code on the phone.
    func enter(code: String, for pairing: Pairing) throws {
        guard var state = pairing.codeRequest else { return }
        let account = account(state.number)
        let text = code.filter { $0 != "-" }.uppercased()
        let key = try Self.key(text, salt: Array(state.wrapped[..<32]))
        let theirs = try Self.crypt(Array(state.wrapped[48...]), key, vector: Array(state.wrapped[32..<48]))
        let ephemeral = KeyPair.random()
        state.companionEphemeral = try PublicKey(theirs)
        state.ephemeral = ephemeral
        pairing.codeRequest = state
        let (salt, vector) = (SecretBytes.random(count: 32).exposed(), SecretBytes.random(count: 16).exposed())
        let sealed = try Self.crypt(ephemeral.publicKey.bytes, Self.key(text, salt: salt), vector: vector)
        let part = Node(
            "link_code_companion_reg", ["stage": "primary_hello"],
            [
                Node("link_code_pairing_wrapped_primary_ephemeral_pub", bytes: salt + vector + sealed),
                Node("primary_identity_pub", bytes: phone(of: account).identity.publicKey.bytes),
                Node("link_code_pairing_ref", bytes: state.reference),
            ])
        send(
            Node(
                "notification",
                [
                    "from": .jid(.whatsApp), "id": .text(Identifiers.stanza()), "type": "link_code_companion_reg",
                    "t": .number(now),
                ], [part]), to: pairing.link)
    }

    private func finish(_ request: Node, _ pairing: Pairing) throws {
        guard let state = pairing.codeRequest, let ephemeral = state.ephemeral, let theirs = state.companionEphemeral
        else { throw StanzaRefusal.badRequest("no code was typed yet") }
        guard try request.requiredChild("link_code_pairing_ref").requiredBytes() == state.reference else {
            throw StanzaRefusal.badRequest("the reference is of another try")
        }
        let bundle = try request.requiredChild("link_code_pairing_wrapped_key_bundle").requiredBytes(count: 156)
        let account = account(state.number)
        let phone = phone(of: account)
        let shared = try ephemeral.agree(with: theirs)
        let key = KeyDerivation.expand(
            shared, salt: SecretBytes(Array(bundle[..<32])), info: "link_code_pairing_key_bundle_encryption_key",
            count: 32)
        let box = try AES.GCM.SealedBox(combined: Data(bundle[32...]))
        guard let plain = try? AES.GCM.open(box, using: key.withUnsafeBytes { SymmetricKey(data: $0) }) else {
            throw StanzaRefusal.badRequest("the key bundle cannot be opened: the code was wrong")
        }
        let bytes = [UInt8](plain)
        guard Array(bytes[..<32]) == pairing.identity.bytes,
            Array(bytes[32..<64]) == phone.identity.publicKey.bytes,
            try request.requiredChild("companion_identity_public").requiredBytes() == pairing.identity.bytes
        else { throw StanzaRefusal.badRequest("the key bundle names other identities") }
        let agreed = try phone.identity.pair.agree(with: pairing.identity)
        let secret = KeyDerivation.expand(
            SecretBytes(joining: [shared, agreed, SecretBytes(Array(bytes[64...]))]), info: "adv_secret", count: 32)
        afterAnswer.append(.offer(pairing, account, secret: secret.exposed()))
    }

    private static func key(_ code: String, salt: [UInt8]) throws -> SymmetricKey {
        try KDF.Insecure.PBKDF2.deriveKey(
            from: Array(code.utf8), salt: salt, using: .sha256, outputByteCount: 32, unsafeUncheckedRounds: 131_072)
    }

    private static func crypt(_ bytes: [UInt8], _ key: SymmetricKey, vector: [UInt8]) throws -> [UInt8] {
        Array(try AES._CTR.encrypt(bytes, using: key, nonce: AES._CTR.Nonce(nonceBytes: vector)))
    }
}
