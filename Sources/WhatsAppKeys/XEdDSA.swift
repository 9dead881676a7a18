import CSodium

/// Signatures by X25519 keys that verify as Ed25519 (Signal, "The XEdDSA and VXEdDSA Signature Schemes").
public enum XEdDSA {
    /// The length of a signature.
    public static let byteCount = 64

    /// Signs `message`: 64 bytes, different ones each time.
    ///
    /// The scalar is negated where needed, so that the sign bit is 0 and both kinds of verifiers take it.
    public static func sign(_ message: [UInt8], with key: SigningKey) -> [UInt8] {
        sign(message, with: key, random: .random(count: 64))
    }

    /// Signs with given randomness, 64 bytes, for tests.
    static func sign(_ message: [UInt8], with key: SigningKey, random: SecretBytes) -> [UInt8] {
        var point = key.point
        point[31] &= 0x7F
        let nonce = SecretBytes(count: 32) { output in
            key.scalar.withUnsafeBytes { scalar in
                random.withUnsafeBytes { random in
                    message.withUnsafeBytes { reduceHash(prefix: prefix, of: [scalar, $0, random], into: output) }
                }
            }
        }
        var signature = [UInt8](repeating: 0, count: byteCount)
        signature.withUnsafeMutableBytes { signature in
            let commitment = UnsafeMutableRawBufferPointer(rebasing: signature[..<32])
            let answer = UnsafeMutableRawBufferPointer(rebasing: signature[32...])
            // It fails for the scalar 0 only, which a hash is not.
            nonce.withUnsafeBytes {
                _ = crypto_scalarmult_ed25519_base_noclamp(Sodium.bytes(commitment), Sodium.bytes($0))
            }
            let product = SecretBytes(count: 32) { output in
                point.withUnsafeBytes { point in
                    message.withUnsafeBytes {
                        reduceHash(of: [UnsafeRawBufferPointer(commitment), point, $0], into: answer)
                    }
                }
                key.scalar.withUnsafeBytes {
                    crypto_core_ed25519_scalar_mul(Sodium.bytes(output), Sodium.bytes(answer), Sodium.bytes($0))
                }
            }
            product.withUnsafeBytes { product in
                nonce.withUnsafeBytes {
                    crypto_core_ed25519_scalar_add(Sodium.bytes(answer), Sodium.bytes(product), Sodium.bytes($0))
                }
            }
        }
        return signature
    }

    /// Whether `signature` over `message` was made with the private half of `key`.
    ///
    /// The sign of the Edwards point is taken from the last bit of the signature, where signers of both kinds leave it.
    /// Refused besides: wrong lengths, keys not below p or of small order, and s not below q.
    public static func isValid(_ signature: [UInt8], over message: [UInt8], by key: PublicKey) -> Bool {
        guard signature.count == byteCount, key.isCanonical, !key.hasSmallOrder else { return false }
        var signature = signature
        let point = key.edwards(sign: signature[63])
        signature[63] &= 0x7F
        return crypto_sign_verify_detached(signature, message, UInt64(message.count), point) == 0
    }

    /// The bytes that tell the hash for the nonce from all other hashes: 2^256 - 2, little endian.
    private static let prefix: [UInt8] = [0xFE] + [UInt8](repeating: 0xFF, count: 31)

    /// SHA-512 of the parts modulo q, 32 bytes.
    private static func reduceHash(
        prefix: [UInt8] = [], of parts: [UnsafeRawBufferPointer], into output: UnsafeMutableRawBufferPointer
    ) {
        var state = crypto_hash_sha512_state()
        crypto_hash_sha512_init(&state)
        if !prefix.isEmpty { crypto_hash_sha512_update(&state, prefix, UInt64(prefix.count)) }
        for part in parts where !part.isEmpty {
            crypto_hash_sha512_update(&state, Sodium.bytes(part), UInt64(part.count))
        }
        let hash = SecretBytes(count: 64) { _ = crypto_hash_sha512_final(&state, Sodium.bytes($0)) }
        sodium_memzero(&state, MemoryLayout.size(ofValue: state))
        hash.withUnsafeBytes { crypto_core_ed25519_scalar_reduce(Sodium.bytes(output), Sodium.bytes($0)) }
    }
}
