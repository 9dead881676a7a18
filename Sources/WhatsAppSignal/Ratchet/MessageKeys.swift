import Crypto
import CryptoExtras
import Foundation
import WhatsAppKeys

/// The keys of one message, expanded from its seed.
struct MessageKeys {
    private let cipherKey: SecretBytes
    private let vector: SecretBytes
    private let macKey: SecretBytes

    /// Those of a message in a session: cipher key, MAC key, initialization vector.
    init(session seed: SecretBytes) {
        let keys = KeyDerivation.expand(seed, info: "WhisperMessageKeys", count: 80)
        cipherKey = keys[0..<32]
        macKey = keys[32..<64]
        vector = keys[64..<80]
    }

    /// Those of a message to a group: initialization vector, cipher key; a signature stands for the MAC.
    init(group seed: SecretBytes) {
        let keys = KeyDerivation.expand(seed, info: "WhisperGroup", count: 48)
        vector = keys[0..<16]
        cipherKey = keys[16..<48]
        macKey = SecretBytes([])
    }

    /// AES-256-CBC with PKCS#7.
    func encrypt(_ plaintext: [UInt8]) throws(SignalError) -> [UInt8] {
        do {
            return try [UInt8](AES._CBC.encrypt(plaintext, using: key, iv: initialization))
        } catch {
            throw SignalError(.malformed, "AES refused to encrypt \(plaintext.count) bytes")
        }
    }

    /// AES-256-CBC with PKCS#7; only for what was authenticated before.
    func decrypt(_ ciphertext: ArraySlice<UInt8>) throws(SignalError) -> [UInt8] {
        guard !ciphertext.isEmpty, ciphertext.count % 16 == 0 else {
            throw .malformed("a ciphertext of \(ciphertext.count) bytes is no whole number of blocks")
        }
        do {
            return try [UInt8](AES._CBC.decrypt(ciphertext, using: key, iv: initialization))
        } catch {
            throw SignalError(.malformed, "the ciphertext has no valid padding")
        }
    }

    /// HMAC-SHA256 over both identities and the message, of which messages carry the first 8 bytes.
    func mac(from sender: PublicKey, to receiver: PublicKey, over message: ArraySlice<UInt8>) -> SecretBytes {
        var identities: [UInt8] = []
        identities.reserveCapacity(2 * PublicKey.prefixedByteCount)
        sender.appendPrefixed(to: &identities)
        receiver.appendPrefixed(to: &identities)
        return KeyDerivation.authenticate(identities[...], message, with: macKey)[0..<SignalMessage.macByteCount]
    }

    private var key: SymmetricKey { cipherKey.withUnsafeBytes { SymmetricKey(data: $0) } }

    private var initialization: AES._CBC.IV {
        get throws { try vector.withUnsafeBytes { try AES._CBC.IV(ivBytes: $0) } }
    }
}
