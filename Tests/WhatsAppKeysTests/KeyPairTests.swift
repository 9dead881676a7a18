import Testing

@testable import WhatsAppKeys

@Suite struct KeyPairTests {
    @Test func `agrees on the secret of RFC 7748`() throws {
        let alice = try KeyPair(
            privateKey: SecretBytes(
                Hex.bytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a")))
        let bob = try PublicKey(Hex.bytes("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f"))
        let secret = try alice.agree(with: bob)
        #expect(
            secret.exposed() == Hex.bytes("4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742"))
    }

    @Test func `both sides agree`() throws {
        for _ in 0..<16 {
            let (one, other) = (KeyPair.random(), KeyPair.random())
            #expect(try one.agree(with: other.publicKey) == other.agree(with: one.publicKey))
        }
    }

    @Test(arguments: Weak.smallOrder)
    func `refuses to agree with a key of small order`(_ key: String) throws {
        let key = try PublicKey(Hex.bytes(key))
        #expect { try KeyPair.random().agree(with: key) } throws: { ($0 as? KeyError)?.code == .smallOrder }
    }

    @Test func `clamps a private key`() throws {
        let pair = try KeyPair(privateKey: SecretBytes([UInt8](repeating: 0xFF, count: 32)))
        #expect(pair.privateKey.exposed() == [0xF8] + [UInt8](repeating: 0xFF, count: 30) + [0x7F])
        #expect(try KeyPair(privateKey: pair.privateKey) == pair)
        #expect(try KeyPair(privateKey: pair.privateKey, storedWith: pair.publicKey) == pair)
    }

    @Test(arguments: [0, 31, 33])
    func `refuses a private key of another length`(_ count: Int) {
        let bytes = SecretBytes.random(count: count)
        #expect { try KeyPair(privateKey: bytes) } throws: { ($0 as? KeyError)?.code == .length }
        let key = KeyPair.random().publicKey
        #expect { try KeyPair(privateKey: bytes, storedWith: key) } throws: { ($0 as? KeyError)?.code == .length }
    }

    @Test func `reads a public key with and without its type`() throws {
        let key = KeyPair.random().publicKey
        #expect(key.prefixed == [5] + key.bytes)
        #expect(try PublicKey(key.prefixed) == key)
        #expect(try PublicKey(key.bytes) == key)
        #expect { try PublicKey([6] + key.bytes) } throws: { ($0 as? KeyError)?.code == .type }
        for count in [0, 1, 31, 34] {
            #expect { try PublicKey([UInt8](repeating: 5, count: count)) } throws: {
                ($0 as? KeyError)?.code == .length
            }
        }
    }
}
