import WhatsAppKeys

/// AES-256-GCM as WhatsApp uses it: the nonce is 8 zero bytes and a counter of 4 bytes, and no counter comes twice.
struct FrameCipher: Sendable {
    /// How many bytes longer ciphertext is than plaintext.
    static let tagByteCount = AuthenticatedCipher.tagByteCount

    private let cipher: AuthenticatedCipher
    /// The counter of the next message; beyond 32 bits there is none.
    private(set) var counter: UInt64

    /// A cipher whose next message has the number `counter`.
    /// - Throws: `WireError` with `malformedHandshake` if the key has no 32 bytes.
    init(key: SecretBytes, counter: UInt64 = 0) throws(WireError) {
        do {
            cipher = try AuthenticatedCipher(key: key)
        } catch {
            throw WireError(.malformedHandshake, "a session key is not usable", underlying: error)
        }
        self.counter = counter
    }

    /// Appends ciphertext and tag to `output`.
    /// - Throws: `WireError` with `counterExhausted`.
    mutating func seal(
        _ plaintext: [UInt8], authenticating data: [UInt8] = [], into output: inout [UInt8]
    ) throws(WireError) {
        let nonce = try nonce()
        do {
            try withUnsafeBytes(of: nonce) { nonce throws(KeyError) in
                try cipher.seal(plaintext, nonce: nonce, authenticating: data, into: &output)
            }
        } catch {
            throw WireError(.authentication, "a message cannot be encrypted", underlying: error)
        }
        counter += 1
    }

    /// The plaintext of ciphertext and tag.
    /// - Throws: `WireError` with `authentication`, then the counter stays; or `counterExhausted`.
    mutating func open(_ ciphertext: [UInt8], authenticating data: [UInt8] = []) throws(WireError) -> [UInt8] {
        let nonce = try nonce()
        let plaintext: [UInt8]
        do {
            plaintext = try withUnsafeBytes(of: nonce) { nonce throws(KeyError) in
                try cipher.open(ciphertext, nonce: nonce, authenticating: data)
            }
        } catch {
            throw WireError(.authentication, "encrypted message \(counter) is not authentic", underlying: error)
        }
        counter += 1
        return plaintext
    }

    /// The 12 bytes of the nonce: three words, of which the last holds the counter, big-endian.
    private func nonce() throws(WireError) -> (UInt32, UInt32, UInt32) {
        guard let number = UInt32(exactly: counter) else {
            throw WireError(.counterExhausted, "a cipher has used all its numbers; connect anew")
        }
        return (0, 0, number.bigEndian)
    }
}
