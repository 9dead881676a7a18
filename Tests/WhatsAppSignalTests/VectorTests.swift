import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

/// Every step with fixed keys gives the bytes that an independent implementation gave.
@Suite struct VectorTests {
    private let vectors: Vectors
    private let bundle: PrekeyBundle
    private let alice: Session

    init() throws {
        vectors = try Vectors()
        let (identity, signed) = (try vectors.pair("bob_identity"), try vectors.pair("bob_signed_prekey"))
        bundle = try PrekeyBundle(
            registrationID: 0, identity: identity.publicKey, signedPrekeyID: 1, signedPrekey: signed.publicKey,
            signature: XEdDSA.sign(signed.publicKey.prefixed, with: SigningKey(identity)),
            prekey: .init(
                id: vectors.number("bob_one_time_prekey_id"), key: vectors.pair("bob_one_time_prekey").publicKey))
        alice = try KeyExchange.initiate(
            bundle, identity: vectors.pair("alice_identity"), registrationID: 4321,
            base: vectors.pair("alice_base_key"),
            ratchet: vectors.pair("alice_first_ratchet_key"))
    }

    @Test func `agrees on the roots and chains of X3DH`() throws {
        let base = try vectors.pair("alice_base_key")
        let secrets = [
            try vectors.pair("alice_identity").agree(with: bundle.signedPrekey),
            try base.agree(with: bundle.identity), try base.agree(with: bundle.signedPrekey),
            try base.agree(with: try #require(bundle.prekey).key),
        ]
        let prefix = [UInt8](repeating: 0xFF, count: 32)
        #expect(try prefix + SecretBytes(joining: secrets).exposed() == vectors.bytes("x3dh_secret"))
        let (root, chain) = RootKey.first(secrets)
        #expect(try root.exposed() == vectors.bytes("root_key_0"))
        #expect(try chain.exposed() == vectors.bytes("receiving_chain_of_alice"))
        #expect(try alice.rootKey.exposed() == vectors.bytes("root_key_1"))
        #expect(try alice.outgoing.chain.key.exposed() == vectors.bytes("sending_chain_of_alice"))
        #expect(try alice.remoteChains[0].incoming.chain.key.exposed() == vectors.bytes("receiving_chain_of_alice"))
        #expect(try alice.outgoing.chain.seed.exposed() == vectors.bytes("message_key_seed"))
    }

    @Test func `expands the keys of a message`() throws {
        let keys = KeyDerivation.expand(
            SecretBytes(try vectors.bytes("message_key_seed")), info: "WhisperMessageKeys", count: 80)
        #expect(
            try keys.exposed() == vectors.bytes("cipher_key") + vectors.bytes("mac_key") + vectors.bytes("iv"))
    }

    @Test func `writes the first message`() throws {
        var session = alice
        session.outgoing = try session.outgoing.reserving(1)
        let (_, bytes) = try session.encrypting(vectors.bytes("padded_plaintext"))
        #expect(try bytes == vectors.bytes("prekey_signal_message"))
        session.pending = nil
        #expect(try session.encrypting(vectors.bytes("padded_plaintext")).bytes == vectors.bytes("signal_message"))
    }

    @Test func `reads the first message`() throws {
        let message = try PreKeySignalMessage(vectors.bytes("prekey_signal_message"))
        #expect(message.prekeyID == 7 && message.signedPrekeyID == 1 && message.registrationID == 4321)
        let opened = try SessionCipher(identity: vectors.pair("bob_identity"), registrationID: 1).decrypt(
            message, in: nil,
            signedPrekey: SignedPrekey(id: 1, pair: vectors.pair("bob_signed_prekey"), signature: []),
            prekey: Prekey(id: 7, pair: vectors.pair("bob_one_time_prekey")), trusting: nil)
        #expect(try opened.plaintext == vectors.bytes("padded_plaintext"))
        #expect(try MessagePadding.remove(from: opened.plaintext) == [0x0A, 0x05] + Array("hello".utf8))
        #expect(try opened.identity == vectors.pair("alice_identity").publicKey)
        #expect(opened.usedPrekeyID == 7 && opened.trust == .new)
        #expect(opened.record.remoteRegistrationID == 4321)
    }

    @Test func `writes and reads a group message`() throws {
        let own = OwnSenderKey(
            id: try vectors.number("sender_key_id"), chainKey: SecretBytes(try vectors.bytes("sender_chain_key")),
            signingKey: SigningKey(try vectors.pair("sender_signing_key")))
        #expect(try own.distribution == vectors.bytes("sender_key_distribution"))
        let known = try vectors.bytes("sender_key_message")
        let (bytes, _) = try own.reserving(1).encrypt(vectors.bytes("padded_plaintext"))
        #expect(bytes.dropLast(64) == known.dropLast(64))
        let record = try SenderKeyRecord().adding(vectors.bytes("sender_key_distribution"))
        for message in [known, bytes] {
            #expect(try record.decrypt(message).plaintext == vectors.bytes("padded_plaintext"))
        }
    }
}
