import CSodium

/// A key pair made ready to sign: its point on the Edwards curve costs as much as half a signature, so keep it.
public struct SigningKey: Sendable, Equatable {
    /// The pair that signs.
    public let pair: KeyPair
    /// The public key on the Edwards curve with its true sign, 32 bytes, to be stored beside the pair.
    public let point: [UInt8]
    /// The private scalar below q, negated if the point's sign is 1.
    let scalar: SecretBytes

    /// The half that others may see, as X25519 key.
    public var publicKey: PublicKey { pair.publicKey }

    /// Computes the point of `pair`.
    public init(_ pair: KeyPair) {
        let scalar = Self.reduced(pair.privateKey)
        var point = [UInt8](repeating: 0, count: 32)
        // It fails for the scalar 0 only, which a clamped key is not.
        scalar.withUnsafeBytes { _ = crypto_scalarmult_ed25519_base_noclamp(&point, Sodium.bytes($0)) }
        self.init(pair, point: point, reduced: scalar)
    }

    /// A key that was stored with its `point`.
    public init(_ pair: KeyPair, storedWith point: [UInt8]) throws(KeyError) {
        guard point.count == 32 else {
            throw KeyError(.length, "a point has 32 bytes, not \(point.count)")
        }
        self.init(pair, point: point, reduced: Self.reduced(pair.privateKey))
    }

    /// A new key from the operating system's random source.
    public static func random() -> SigningKey { SigningKey(.random()) }

    private init(_ pair: KeyPair, point: [UInt8], reduced scalar: SecretBytes) {
        self.pair = pair
        self.point = point
        guard point[31] & 0x80 != 0 else {
            self.scalar = scalar
            return
        }
        self.scalar = SecretBytes(count: 32) { output in
            scalar.withUnsafeBytes { crypto_core_ed25519_scalar_negate(Sodium.bytes(output), Sodium.bytes($0)) }
        }
    }

    private static func reduced(_ privateKey: SecretBytes) -> SecretBytes {
        let wide = SecretBytes(count: 64) { output in
            privateKey.withUnsafeBytes { output.copyMemory(from: $0) }
        }
        return SecretBytes(count: 32) { output in
            wide.withUnsafeBytes { crypto_core_ed25519_scalar_reduce(Sodium.bytes(output), Sodium.bytes($0)) }
        }
    }
}
