import Foundation
import Testing
import WhatsAppKeys
import WhatsAppWire

@testable import WhatsAppWeb

/// Linking by code and by QR against what another implementation has computed.
@Suite struct PairingVectorTests {
    struct Pair: Decodable {
        let `private`: String
        let `public`: String
    }

    private func bytes(_ text: String) throws -> [UInt8] { try Hex.bytes(text) }

    private func pair(_ pair: Pair) throws -> KeyPair {
        let made = try KeyPair(privateKey: SecretBytes(try bytes(pair.private)))
        #expect(made.publicKey.bytes == (try bytes(pair.public)))
        return made
    }

    private func credentials(identity: Pair, secret: String? = nil) throws -> Credentials {
        var credentials = Credentials.random(at: Date(timeIntervalSince1970: 1_800_000_000))
        credentials.identity = SigningKey(try pair(identity))
        if let secret { credentials.pairingSecret = SecretBytes(try bytes(secret)) }
        return credentials
    }

    struct CodeVector: Decodable {
        let code: String
        let salt: String
        let iv: String
        let companionEphemeral: Pair
        let wrappedCompanionEphemeralPub: String
        let wrappedPrimaryEphemeralPub: String
        let companionIdentity: Pair
        let primaryIdentity: Pair
        let advRandom: String
        let keyBundleSalt: String
        let keyBundleNonce: String
        let wrappedKeyBundle: String
        let advSecret: String
    }

    @Test func `a code wraps and opens keys, and leads to the same secret`() throws {
        let vector: CodeVector = try Vectors.load("link_code")
        let credentials = try credentials(identity: vector.companionIdentity)
        var code = LinkCode(
            number: "15550000001", code: vector.code, ephemeral: try pair(vector.companionEphemeral),
            salt: try bytes(vector.salt), vector: try bytes(vector.iv))
        #expect(code.shown == "ABCD-1234")
        let hello = try code.hello(from: credentials)
        #expect(
            hello.descendant("link_code_companion_reg", "link_code_pairing_wrapped_companion_ephemeral_pub")?.bytes
                == (try bytes(vector.wrappedCompanionEphemeralPub)))

        let reference = Node("link_code_pairing_ref", bytes: [1, 2, 3])
        try code.accept(Node("iq", [:], [Node("link_code_companion_reg", [:], [reference])]))
        let answer = Node(
            "notification", [:],
            [
                Node(
                    "link_code_companion_reg", ["stage": "primary_hello"],
                    [
                        Node(
                            "link_code_pairing_wrapped_primary_ephemeral_pub",
                            bytes: try bytes(vector.wrappedPrimaryEphemeralPub)),
                        Node("primary_identity_pub", bytes: try bytes(vector.primaryIdentity.public)),
                        reference,
                    ])
            ])
        let finish = try code.finish(
            answer, with: credentials,
            dice: .init(
                random: SecretBytes(try bytes(vector.advRandom)),
                bundleSalt: SecretBytes(try bytes(vector.keyBundleSalt)), nonce: try bytes(vector.keyBundleNonce)))
        #expect(finish.pairingSecret.exposed() == (try bytes(vector.advSecret)))
        #expect(
            finish.request.descendant("link_code_companion_reg", "link_code_pairing_wrapped_key_bundle")?.bytes
                == (try bytes(vector.wrappedKeyBundle)))
    }

    struct IdentityVector: Decodable {
        let account: Pair
        let deviceIdentityKey: Pair
        let advSecret: String
        let pairSuccessDeviceIdentity: String
        let details: String
        let accountSignature: String
        let deviceSignatureExample: String
        let pairDeviceSignExample: String
        let storedIdentityExample: String
    }

    @Test func `the phone's word for a device is believed, and answered in the same form`() throws {
        let vector: IdentityVector = try Vectors.load("device_identity")
        let credentials = try credentials(identity: vector.deviceIdentityKey, secret: vector.advSecret)
        let account = try pair(vector.account).publicKey
        let key = credentials.identity.publicKey
        let signed = try DeviceIdentity.sign(try bytes(vector.pairSuccessDeviceIdentity), with: credentials)
        #expect(signed.accountKey == account)
        // Our signature is another one each time; what stands around it is the same.
        let signature = try bytes(vector.deviceSignatureExample)
        for (own, example) in [
            (signed.whole, vector.storedIdentityExample), (signed.answer, vector.pairDeviceSignExample),
        ] {
            let expected = try bytes(example)
            #expect(own.count == expected.count && expected.suffix(64).elementsEqual(signature))
            #expect(own.dropLast(64).elementsEqual(expected.dropLast(64)))
        }
        #expect(DeviceIdentity.isValid(signed.whole, of: key, account: nil))
        #expect(DeviceIdentity.isValid(try bytes(vector.storedIdentityExample), of: key, account: nil))
        #expect(DeviceIdentity.isValid(try bytes(vector.pairDeviceSignExample), of: key, account: account))
        #expect(!DeviceIdentity.isValid(try bytes(vector.pairDeviceSignExample), of: key, account: nil))
        #expect(!DeviceIdentity.isValid(try bytes(vector.storedIdentityExample), of: account, account: nil))
        let text = [6, 0] + (try bytes(vector.details)) + key.bytes
        #expect(XEdDSA.isValid(try bytes(vector.accountSignature), over: text, by: account))
    }

    @Test func `a word that the phone did not give is refused`() throws {
        let vector: IdentityVector = try Vectors.load("device_identity")
        let container = try bytes(vector.pairSuccessDeviceIdentity)
        let other = try credentials(identity: vector.deviceIdentityKey)
        #expect(throws: DeviceIdentity.Refusal.wrongHMAC) { try DeviceIdentity.sign(container, with: other) }
        let another = try credentials(identity: vector.account, secret: vector.advSecret)
        #expect(throws: DeviceIdentity.Refusal.wrongSignature) { try DeviceIdentity.sign(container, with: another) }
        let right = try credentials(identity: vector.deviceIdentityKey, secret: vector.advSecret)
        for index in container.indices {
            var damaged = container
            damaged[index] ^= 1
            #expect(throws: DeviceIdentity.Refusal.self) { try DeviceIdentity.sign(damaged, with: right) }
        }
    }
}
