import CSodium

// What the Signal code takes from swift-crypto, so that the fuzzer compiles it alone: the same forms, no secrecy.

/// Stands in for swift-crypto's key.
struct SymmetricKey {
    let bytes: [UInt8]
    init(data: UnsafeRawBufferPointer) { bytes = Array(data) }
}

/// Stands in for AES: as many bytes, the same rules for padding.
enum AES {
    enum _CBC {
        struct Broken: Error {}

        struct IV {
            init(ivBytes: UnsafeRawBufferPointer) throws { guard ivBytes.count == 16 else { throw Broken() } }
        }

        static func encrypt(_ plaintext: [UInt8], using key: SymmetricKey, iv: IV) throws -> [UInt8] {
            let count = 16 - plaintext.count % 16
            return (plaintext + [UInt8](repeating: UInt8(count), count: count)).map { $0 ^ key.bytes[0] }
        }

        static func decrypt(_ ciphertext: ArraySlice<UInt8>, using key: SymmetricKey, iv: IV) throws -> [UInt8] {
            let plaintext = ciphertext.map { $0 ^ key.bytes[0] }
            guard let last = plaintext.last, (1...16).contains(last),
                plaintext.suffix(Int(last)).allSatisfy({ $0 == last })
            else { throw Broken() }
            return Array(plaintext.dropLast(Int(last)))
        }
    }
}

/// Stands in for swift-crypto's X25519.
enum Curve25519 {
    enum KeyAgreement {
        struct PrivateKey {
            let publicKey: PublicKey

            struct PublicKey { let rawRepresentation: [UInt8] }

            init(rawRepresentation: UnsafeRawBufferPointer) throws {
                var output = [UInt8](repeating: 0, count: 32)
                _ = crypto_scalarmult_base(&output, Array(rawRepresentation))
                publicKey = PublicKey(rawRepresentation: output)
            }
        }
    }
}
