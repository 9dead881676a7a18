import Crypto
import CryptoExtras
import Foundation
import WhatsAppKeys

/// A file that a phone has encrypted for the media host.
struct SealedMedia {
    let key: [UInt8]
    let sha256: Data
    let encryptedSHA256: Data
    let byteCount: Int
    /// What is brought to the host.
    let blob: [UInt8]

    /// - Parameter info: which kind of file, such as `WhatsApp Image Keys`.
    init(_ bytes: [UInt8], info: String) throws {
        key = SecretBytes.random(count: 32).exposed()
        let expanded = HKDF<SHA256>.deriveKey(
            inputKeyMaterial: SymmetricKey(data: key), info: Data(info.utf8), outputByteCount: 112
        ).withUnsafeBytes { Array($0) }
        let vector = Array(expanded[..<16])
        let sealed = Array(
            try AES._CBC.encrypt(
                bytes, using: SymmetricKey(data: expanded[16..<48]), iv: AES._CBC.IV(ivBytes: vector)))
        let mac = HMAC<SHA256>.authenticationCode(for: vector + sealed, using: SymmetricKey(data: expanded[48..<80]))
        blob = sealed + mac.prefix(10)
        sha256 = Data(SHA256.hash(data: bytes))
        encryptedSHA256 = Data(SHA256.hash(data: blob))
        byteCount = bytes.count
    }
}
