import Testing
import WhatsAppKeys

@testable import WhatsAppSignal

@Suite struct IdentityTests {
    @Test func `reports a changed identity and takes nothing`() throws {
        let (alice, bob, other) = (try TestDevice(), try TestDevice(), try TestDevice())
        let bundle = try bob.bundle()
        do {
            _ = try alice.cipher.begin(with: bundle, trusting: other.identity.publicKey)
            Issue.record("a bundle with another identity was taken")
        } catch {
            #expect(error.code == .identityChanged && error.identity == bob.identity.publicKey)
        }
        let record = try alice.cipher.begin(with: bundle, trusting: bob.identity.publicKey)
        let message = try alice.cipher.encrypt([1], in: record.reserving(1))
        #expect(
            code { _ = try bob.open(message, in: nil, trusting: other.identity.publicKey) } == .identityChanged)
        let opened = try bob.open(message, in: nil, trusting: alice.identity.publicKey)
        #expect(opened.trust == .known && opened.identity == alice.identity.publicKey)
    }

    @Test func `leaves sessions with another identity alone`() throws {
        var talk = try Conversation()
        let message = try talk.fromAlice([1])
        let other = KeyPair.random().publicKey
        #expect(code { _ = try talk.bob.open(message, in: talk.bobRecord, trusting: other) } == .noSession)
        #expect(
            try talk.bob.open(message, in: talk.bobRecord, trusting: talk.alice.identity.publicKey).trust == .known)
    }

    @Test func `refuses a bundle whose signature does not fit`() throws {
        let bob = try TestDevice()
        var signature = bob.signedPrekey.signature
        signature[10] ^= 1
        #expect(
            code {
                _ = try PrekeyBundle(
                    registrationID: 1, identity: bob.identity.publicKey, signedPrekeyID: 1,
                    signedPrekey: bob.signedPrekey.pair.publicKey, signature: signature, prekey: nil)
            } == .signature)
    }

    @Test func `says which prekey is not there`() throws {
        let (alice, bob) = (try TestDevice(), try TestDevice())
        let record = try alice.cipher.begin(with: bob.bundle(), trusting: nil).reserving(1)
        let message = try PreKeySignalMessage(alice.cipher.encrypt([1], in: record).bytes)
        let wrong = Prekey(id: 2, pair: .random())
        for (signed, prekey) in [(nil, bob.prekeys[1]), (bob.signedPrekey, nil), (bob.signedPrekey, wrong)] {
            #expect(
                code {
                    _ = try bob.cipher.decrypt(
                        message, in: nil, signedPrekey: signed, prekey: prekey, trusting: nil)
                } == .unknownPrekey)
        }
    }

    @Test func `makes prekeys with ids of 24 bits`() throws {
        #expect(try Prekey.batch(from: 5, count: 3).map(\.id) == [5, 6, 7])
        #expect(try Prekey.batch(from: 0xFF_FFFF, count: 1).map(\.id) == [0xFF_FFFF])
        #expect(try Prekey.batch(from: 1, count: 0).isEmpty)
        for (first, count) in [(UInt32(0), 1), (0xFF_FFFF, 2), (0x100_0000, 1), (1, -1), (1, .max)] {
            #expect(code { _ = try Prekey.batch(from: first, count: count) } == .exhausted)
        }
        #expect(code { _ = try SignedPrekey(id: 0, signedBy: .random()) } == .exhausted)
        let identity = SigningKey.random()
        let signed = try SignedPrekey(id: 3, signedBy: identity)
        #expect(XEdDSA.isValid(signed.signature, over: signed.pair.publicKey.prefixed, by: identity.publicKey))
    }
}
