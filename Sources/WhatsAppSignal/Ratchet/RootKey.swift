import WhatsAppKeys

/// The key that each turn of the Diffie-Hellman ratchet mixes a new secret into (Signal, "The Double Ratchet").
enum RootKey {
    /// The next root key and the key of the new chain, 32 bytes each.
    static func step(
        _ root: SecretBytes, own: KeyPair, remote: PublicKey
    ) throws(SignalError) -> (root: SecretBytes, chain: SecretBytes) {
        let secret = try SignalError.keys("the ratchet") { () throws(KeyError) in try own.agree(with: remote) }
        return split(KeyDerivation.expand(secret, salt: root, info: "WhisperRatchet", count: 64))
    }

    /// The first root key and the first chain key, from the secrets of X3DH.
    static func first(_ secrets: [SecretBytes]) -> (root: SecretBytes, chain: SecretBytes) {
        let prefix = SecretBytes([UInt8](repeating: 0xFF, count: 32))
        let secret = SecretBytes(joining: [prefix] + secrets)
        return split(KeyDerivation.expand(secret, info: "WhisperText", count: 64))
    }

    private static func split(_ keys: SecretBytes) -> (root: SecretBytes, chain: SecretBytes) {
        (keys[0..<32], keys[32..<64])
    }
}
