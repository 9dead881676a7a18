import CSodium
import Crypto
import Foundation

/// AES-256-GCM under one key, which is prepared once and wipes itself.
///
/// Where the processor has instructions for it, libsodium's implementation is used, which needs no memory of its own
/// for each message; elsewhere swift-crypto's. Both give the same bytes.
public struct AuthenticatedCipher: Sendable {
    /// The length of the key.
    public static let keyByteCount = 32
    /// The length of the nonce.
    public static let nonceByteCount = 12
    /// How many bytes longer ciphertext is than plaintext.
    public static let tagByteCount = 16

    private enum Form: Sendable {
        case prepared(SecretBytes)
        case portable(SymmetricKey)
    }

    /// Whether the processor has the instructions that libsodium needs.
    private static let isFast = sodium_init() >= 0 && crypto_aead_aes256gcm_is_available() == 1

    private let form: Form

    /// A cipher with a key of 32 bytes.
    public init(key: SecretBytes) throws(KeyError) { try self.init(key: key, portably: !Self.isFast) }

    /// - Parameter portably: whether to use swift-crypto also where libsodium could be used.
    init(key: SecretBytes, portably: Bool) throws(KeyError) {
        guard key.count == Self.keyByteCount else {
            throw KeyError(.length, "a cipher's key has 32 bytes, not \(key.count)")
        }
        guard !portably, Self.isFast else {
            form = .portable(key.withUnsafeBytes { SymmetricKey(data: $0) })
            return
        }
        form = .prepared(
            SecretBytes(count: crypto_aead_aes256gcm_statebytes()) { state in
                let state = UnsafeMutableRawPointer(Sodium.bytes(state))
                key.withUnsafeBytes {
                    _ = crypto_aead_aes256gcm_beforenm(
                        state.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self), Sodium.bytes($0))
                }
            })
    }

    /// Appends ciphertext and tag, 16 bytes more than the plaintext.
    /// - Parameter nonce: 12 bytes; never twice under one key.
    public func seal(
        _ plaintext: [UInt8], nonce: UnsafeRawBufferPointer, authenticating data: [UInt8] = [],
        into output: inout [UInt8]
    ) throws(KeyError) {
        try Self.check(nonce)
        switch form {
        case .prepared(let state):
            let start = output.count
            output.append(contentsOf: repeatElement(0, count: plaintext.count + Self.tagByteCount))
            state.withUnsafeBytes { state in
                let state = UnsafeRawPointer(Sodium.bytes(state))
                output.withUnsafeMutableBytes { buffer in
                    let target = Sodium.bytes(UnsafeMutableRawBufferPointer(rebasing: buffer[start...]))
                    _ = crypto_aead_aes256gcm_encrypt_afternm(
                        target, nil, plaintext, UInt64(plaintext.count), data, UInt64(data.count), nil,
                        Sodium.bytes(nonce), state.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self))
                }
            }
        case .portable(let key):
            guard let nonce = try? AES.GCM.Nonce(data: nonce),
                let box = try? AES.GCM.seal(plaintext, using: key, nonce: nonce, authenticating: data)
            else { throw KeyError(.authentication, "a message cannot be encrypted") }
            output.append(contentsOf: box.ciphertext)
            output.append(contentsOf: box.tag)
        }
    }

    /// The plaintext of ciphertext and tag.
    /// - Parameter nonce: the 12 bytes that it was sealed with.
    /// - Throws: `authentication` if the ciphertext, the nonce or the data is not what was sealed.
    public func open(
        _ ciphertext: [UInt8], nonce: UnsafeRawBufferPointer, authenticating data: [UInt8] = []
    ) throws(KeyError) -> [UInt8] {
        try Self.check(nonce)
        let count = ciphertext.count - Self.tagByteCount
        guard count >= 0 else { throw KeyError(.authentication, "an encrypted message is shorter than its tag") }
        switch form {
        case .prepared(let state):
            var isAuthentic = false
            let plaintext = [UInt8](unsafeUninitializedCapacity: count) { output, written in
                state.withUnsafeBytes { state in
                    let state = UnsafeRawPointer(Sodium.bytes(state))
                    isAuthentic =
                        crypto_aead_aes256gcm_decrypt_afternm(
                            output.baseAddress, nil, nil, ciphertext, UInt64(ciphertext.count), data,
                            UInt64(data.count), Sodium.bytes(nonce),
                            state.assumingMemoryBound(to: crypto_aead_aes256gcm_state.self)) == 0
                }
                written = isAuthentic ? count : 0
            }
            guard isAuthentic else { throw KeyError(.authentication, "an encrypted message is not authentic") }
            return plaintext
        case .portable(let key):
            guard let nonce = try? AES.GCM.Nonce(data: nonce),
                let box = try? AES.GCM.SealedBox(
                    nonce: nonce, ciphertext: ciphertext[..<count], tag: ciphertext[count...]),
                let plaintext = try? AES.GCM.open(box, using: key, authenticating: data)
            else { throw KeyError(.authentication, "an encrypted message is not authentic") }
            return Array(plaintext)
        }
    }

    private static func check(_ nonce: UnsafeRawBufferPointer) throws(KeyError) {
        guard nonce.count == nonceByteCount else {
            throw KeyError(.length, "a nonce has 12 bytes, not \(nonce.count)")
        }
    }
}
