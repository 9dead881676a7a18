import CSodium

/// HMAC-SHA256 and what is made of it, for keys: nothing secret stays behind on the stack or the heap.
public enum KeyDerivation {
    /// The length of an HMAC-SHA256.
    public static let hashByteCount = 32
    /// The most bytes that one key expands to (RFC 5869).
    public static let maximumByteCount = 255 * hashByteCount

    /// HMAC-SHA256 over the parts, one after the other: 32 bytes.
    public static func authenticate(_ parts: [UInt8]..., with key: SecretBytes) -> SecretBytes {
        SecretBytes(count: hashByteCount) { output in
            key.withUnsafeBytes { key in
                withHash(key, into: output) { state in
                    for part in parts { part.withUnsafeBytes { update(&state, $0) } }
                }
            }
        }
    }

    /// HMAC-SHA256 over two parts, one after the other: 32 bytes.
    public static func authenticate(
        _ first: ArraySlice<UInt8>, _ second: ArraySlice<UInt8>, with key: SecretBytes
    ) -> SecretBytes {
        SecretBytes(count: hashByteCount) { output in
            key.withUnsafeBytes { key in
                withHash(key, into: output) { state in
                    first.withUnsafeBytes { update(&state, $0) }
                    second.withUnsafeBytes { update(&state, $0) }
                }
            }
        }
    }

    /// HMAC-SHA256 over one byte: 32 bytes.
    public static func authenticate(byte: UInt8, with key: SecretBytes) -> SecretBytes {
        SecretBytes(count: hashByteCount) { output in
            key.withUnsafeBytes { key in
                withHash(key, into: output) { state in withUnsafeBytes(of: byte) { update(&state, $0) } }
            }
        }
    }

    /// HKDF-SHA256 (RFC 5869).
    /// - Parameters:
    ///   - salt: nil for none, which is the same as 32 zeros.
    ///   - count: how many bytes; above `maximumByteCount` there are only as many as that.
    public static func expand(
        _ secret: SecretBytes, salt: SecretBytes? = nil, info: StaticString, count: Int
    ) -> SecretBytes {
        let info = UnsafeRawBufferPointer(start: info.utf8Start, count: info.utf8CodeUnitCount)
        return secret.withUnsafeBytes { expand($0, salt: salt, info: info, count: count) }
    }

    /// HKDF-SHA256 (RFC 5869) with any info.
    /// - Parameters:
    ///   - salt: nil for none, which is the same as 32 zeros.
    ///   - count: how many bytes; above `maximumByteCount` there are only as many as that.
    public static func expand(
        _ secret: SecretBytes, salt: SecretBytes? = nil, info: [UInt8], count: Int
    ) -> SecretBytes {
        secret.withUnsafeBytes { secret in
            info.withUnsafeBytes { expand(secret, salt: salt, info: $0, count: count) }
        }
    }

    private static func expand(
        _ secret: UnsafeRawBufferPointer, salt: SecretBytes?, info: UnsafeRawBufferPointer, count: Int
    ) -> SecretBytes {
        let extracted = SecretBytes(count: hashByteCount) { output in
            guard let salt else {
                let none = [UInt8](repeating: 0, count: hashByteCount)
                return none.withUnsafeBytes { withHash($0, into: output) { update(&$0, secret) } }
            }
            salt.withUnsafeBytes { withHash($0, into: output) { update(&$0, secret) } }
        }
        return SecretBytes(count: min(count, maximumByteCount)) { output in
            extracted.withUnsafeBytes { key in expand(key: key, info: info, into: output) }
        }
    }

    private static func expand(
        key: UnsafeRawBufferPointer, info: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
    ) {
        withUnsafeTemporaryAllocation(byteCount: hashByteCount, alignment: 16) { block in
            defer { sodium_memzero(Sodium.bytes(block), block.count) }
            var offset = 0
            var index: UInt8 = 1
            while offset < output.count {
                let before = UnsafeRawBufferPointer(rebasing: block[..<(offset == 0 ? 0 : hashByteCount)])
                withHash(key, into: block) { state in
                    update(&state, before)
                    update(&state, info)
                    withUnsafeBytes(of: index) { update(&state, $0) }
                }
                let length = min(hashByteCount, output.count - offset)
                UnsafeMutableRawBufferPointer(rebasing: output[offset..<offset + length])
                    .copyMemory(from: UnsafeRawBufferPointer(rebasing: block[..<length]))
                offset += length
                index &+= 1
            }
        }
    }

    private static func withHash(
        _ key: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
        _ body: (inout crypto_auth_hmacsha256_state) -> Void
    ) {
        var state = crypto_auth_hmacsha256_state()
        defer { sodium_memzero(&state, MemoryLayout<crypto_auth_hmacsha256_state>.size) }
        crypto_auth_hmacsha256_init(&state, Sodium.bytes(key), key.count)
        body(&state)
        crypto_auth_hmacsha256_final(&state, Sodium.bytes(output))
    }

    private static func update(_ state: inout crypto_auth_hmacsha256_state, _ bytes: UnsafeRawBufferPointer) {
        guard !bytes.isEmpty else { return }
        crypto_auth_hmacsha256_update(&state, Sodium.bytes(bytes), UInt64(bytes.count))
    }
}
