import Testing

@testable import WhatsAppKeys

@Suite struct AuthenticatedCipherTests {
    let key = SecretBytes([UInt8](repeating: 0, count: 32))
    let nonce = [UInt8](repeating: 0, count: 12)

    private func seal(_ cipher: AuthenticatedCipher, _ text: [UInt8], data: [UInt8] = []) throws -> [UInt8] {
        var output: [UInt8] = [1, 2]
        try nonce.withUnsafeBytes { try cipher.seal(text, nonce: $0, authenticating: data, into: &output) }
        #expect(output.prefix(2) == [1, 2])
        return Array(output.dropFirst(2))
    }

    private func open(_ cipher: AuthenticatedCipher, _ bytes: [UInt8], data: [UInt8] = []) throws -> [UInt8] {
        try nonce.withUnsafeBytes { try cipher.open(bytes, nonce: $0, authenticating: data) }
    }

    /// Test cases 13 and 14 of the GCM specification (McGrew and Viega).
    @Test(arguments: [true, false])
    func `gives the specification's ciphertexts`(portably: Bool) throws {
        let cipher = try AuthenticatedCipher(key: key, portably: portably)
        #expect(try seal(cipher, []) == Hex.bytes("530f8afbc74536b9a963b4f1c4cb738b"))
        #expect(
            try seal(cipher, [UInt8](repeating: 0, count: 16))
                == Hex.bytes("cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919"))
    }

    @Test func `both implementations read what the other wrote, and nothing damaged`() throws {
        let fast = try AuthenticatedCipher(key: key)
        let portable = try AuthenticatedCipher(key: key, portably: true)
        for count in [0, 1, 15, 16, 17, 1024, 100_000] {
            let text = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) }
            let sealed = try seal(fast, text, data: [5, 6])
            #expect(try seal(portable, text, data: [5, 6]) == sealed)
            for cipher in [fast, portable] {
                #expect(try open(cipher, sealed, data: [5, 6]) == text)
                #expect(throws: KeyError.self) { try open(cipher, sealed, data: [5]) }
                #expect(throws: KeyError.self) { try open(cipher, Array(sealed.dropLast()), data: [5, 6]) }
                for index in [0, count / 2, sealed.count - 1] {
                    var damaged = sealed
                    damaged[index] ^= 0x80
                    #expect(throws: KeyError.self) { try open(cipher, damaged, data: [5, 6]) }
                }
            }
        }
    }

    @Test func `keys and nonces of another length are refused`() throws {
        #expect(throws: KeyError.self) { try AuthenticatedCipher(key: .random(count: 16)) }
        let cipher = try AuthenticatedCipher(key: key)
        var output: [UInt8] = []
        #expect(throws: KeyError.self) {
            try [UInt8](repeating: 0, count: 8).withUnsafeBytes { try cipher.seal([1], nonce: $0, into: &output) }
        }
        #expect(output.isEmpty)
    }
}
