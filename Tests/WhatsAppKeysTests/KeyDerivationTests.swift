import Testing

@testable import WhatsAppKeys

/// The vectors of RFC 4231 and RFC 5869.
@Suite struct KeyDerivationTests {
    @Test func `authenticates as RFC 4231 says`() {
        let key = SecretBytes(Array("Jefe".utf8))
        let code = KeyDerivation.authenticate(Array("what do ya ".utf8), Array("want for nothing?".utf8), with: key)
        #expect(
            code.exposed() == Hex.bytes("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"))
        #expect(KeyDerivation.authenticate(byte: 7, with: key) == KeyDerivation.authenticate([7], with: key))
    }

    @Test func `expands as RFC 5869 says, with a salt`() {
        let key = KeyDerivation.expand(
            SecretBytes([UInt8](repeating: 0x0B, count: 22)), salt: SecretBytes(Array(0...12)),
            info: Array(0xF0...0xF9), count: 42)
        #expect(
            key.exposed()
                == Hex.bytes(
                    "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865"))
    }

    @Test func `expands as RFC 5869 says, without salt and info`() {
        let secret = SecretBytes([UInt8](repeating: 0x0B, count: 22))
        let expected = Hex.bytes(
            "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8")
        #expect(KeyDerivation.expand(secret, info: "", count: 42).exposed() == expected)
        #expect(KeyDerivation.expand(secret, salt: SecretBytes([]), info: [], count: 42).exposed() == expected)
        #expect(KeyDerivation.expand(secret, info: "", count: 9000).count == 8160)
    }
}
