import CSodium
import Crypto

/// An X25519 key pair; the private half wipes itself and does not print.
///
/// The work is divided by what is faster: BoringSSL makes public keys (10 µs against 28), libsodium agrees (31 µs
/// against 34 with a key that comes from storage) and checks signatures (40 µs against 55).
public struct KeyPair: Sendable, Equatable {
    /// The half that others may see.
    public let publicKey: PublicKey
    /// The 32 bytes of the scalar, clamped (RFC 7748).
    public let privateKey: SecretBytes

    /// A new pair from the operating system's random source.
    public static func random() -> KeyPair { KeyPair(clamping: .random(count: 32)) }

    /// The pair of a private key of 32 bytes.
    public init(privateKey: SecretBytes) throws(KeyError) {
        try Self.checkLength(of: privateKey)
        self.init(clamping: privateKey)
    }

    /// A pair that was stored together: `publicKey` is not computed again.
    public init(privateKey: SecretBytes, storedWith publicKey: PublicKey) throws(KeyError) {
        try Self.checkLength(of: privateKey)
        self.privateKey = privateKey
        self.publicKey = publicKey
    }

    /// The secret of 32 bytes that both sides compute (X25519).
    /// - Throws: `.smallOrder` where the secret would be zero, as a hostile key can make it.
    public func agree(with other: PublicKey) throws(KeyError) -> SecretBytes {
        try SecretBytes(count: 32) { output throws(KeyError) in
            let result = privateKey.withUnsafeBytes { mine in
                other.withUnsafeBytes { theirs in
                    crypto_scalarmult(Sodium.bytes(output), Sodium.bytes(mine), Sodium.bytes(theirs))
                }
            }
            guard result == 0 else { throw KeyError(.smallOrder, "the peer's public key has a small order") }
        }
    }

    /// - Parameter bytes: 32 bytes; the caller has seen to that.
    private init(clamping bytes: SecretBytes) {
        let scalar = SecretBytes(count: 32) { buffer in
            bytes.withUnsafeBytes { buffer.copyMemory(from: $0) }
            buffer[0] &= 248
            buffer[31] = buffer[31] & 127 | 64
        }
        privateKey = scalar
        publicKey = PublicKey { output in
            let key = scalar.withUnsafeBytes { try? Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) }
            // BoringSSL refuses no key of 32 bytes; libsodium gives the same key, only more slowly.
            if let key {
                output.copyBytes(from: key.publicKey.rawRepresentation)
            } else {
                _ = scalar.withUnsafeBytes { crypto_scalarmult_base(Sodium.bytes(output), Sodium.bytes($0)) }
            }
        }
    }

    private static func checkLength(of key: SecretBytes) throws(KeyError) {
        guard key.count == 32 else { throw KeyError(.length, "a private key has 32 bytes, not \(key.count)") }
    }
}

extension KeyPair: CustomStringConvertible, CustomReflectable {
    /// Only the public half.
    public var description: String { "KeyPair(\(publicKey))" }
    /// Nothing more than the description.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}
