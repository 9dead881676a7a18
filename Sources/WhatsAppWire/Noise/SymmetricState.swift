import Crypto
import WhatsAppKeys

/// Noise's running state: the hash of all that was said, the chaining key and the current cipher.
struct SymmetricState: Sendable {
    private var hash: [UInt8]
    private var salt: SecretBytes
    private var cipher: FrameCipher

    /// - Parameters:
    ///   - pattern: the full name of the protocol.
    ///   - prologue: what both sides must have seen before.
    init(pattern: StaticString, prologue: [UInt8]) throws(WireError) {
        let name = Array(UnsafeBufferPointer(start: pattern.utf8Start, count: pattern.utf8CodeUnitCount))
        hash =
            name.count <= 32
            ? name + [UInt8](repeating: 0, count: 32 - name.count) : Array(SHA256.hash(data: name))
        salt = SecretBytes(hash)
        cipher = try FrameCipher(key: salt)
        mixHash(prologue)
    }

    mutating func mixHash(_ data: [UInt8]) {
        var next = SHA256()
        next.update(data: hash)
        next.update(data: data)
        hash = Array(next.finalize())
    }

    mutating func mixHash(_ key: PublicKey) { mixHash(key.bytes) }

    /// Mixes in the secret that `pair` and `key` agree on.
    /// - Throws: `WireError` with `malformedHandshake` if the peer's key is a bad one.
    mutating func mixAgreement(of pair: KeyPair, with key: PublicKey) throws(WireError) {
        let secret: SecretBytes
        do {
            secret = try pair.agree(with: key)
        } catch {
            throw WireError(.malformedHandshake, "the peer's key is not usable", underlying: error)
        }
        let keys = KeyDerivation.expand(secret, salt: salt, info: "", count: 64)
        salt = keys[0..<32]
        cipher = try FrameCipher(key: keys[32..<64])
    }

    mutating func seal(_ plaintext: [UInt8]) throws(WireError) -> [UInt8] {
        var ciphertext: [UInt8] = []
        try cipher.seal(plaintext, authenticating: hash, into: &ciphertext)
        mixHash(ciphertext)
        return ciphertext
    }

    mutating func open(_ ciphertext: [UInt8]) throws(WireError) -> [UInt8] {
        let plaintext = try cipher.open(ciphertext, authenticating: hash)
        mixHash(ciphertext)
        return plaintext
    }

    /// The ciphers of the two directions: what the client writes with, and what the server writes with.
    func split() throws(WireError) -> (client: FrameCipher, server: FrameCipher) {
        let keys = KeyDerivation.expand(SecretBytes([]), salt: salt, info: "", count: 64)
        return (try FrameCipher(key: keys[0..<32]), try FrameCipher(key: keys[32..<64]))
    }
}
