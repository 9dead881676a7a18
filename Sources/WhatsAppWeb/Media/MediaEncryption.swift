import Crypto
import CryptoExtras
import Foundation

/// Encrypts a file piece by piece, in constant memory: AES-256-CBC, then the first 10 bytes of an HMAC-SHA256.
struct MediaEncryption {
    /// What is known of a file when it is encrypted.
    struct Result: Equatable {
        var sha256: [UInt8]
        var encryptedSHA256: [UInt8]
        /// Of the file.
        var byteCount: Int
        /// Of what is uploaded.
        var sealedByteCount: Int
    }

    private let key: SymmetricKey
    private var chain: [UInt8]
    private var mac: HMAC<SHA256>
    private var plainHash = SHA256()
    private var sealedHash = SHA256()
    private var rest: [UInt8] = []
    private var byteCount = 0
    private var sealedByteCount = 0

    init(_ keys: MediaKeys) {
        key = keys.cipherKey
        chain = keys.iv
        mac = HMAC(key: keys.macKey)
        mac.update(data: keys.iv)
    }

    /// Takes a piece of the file.
    /// - Returns: ciphertext, at most 15 bytes longer than the piece.
    mutating func update(_ piece: some Collection<UInt8> & Sendable) throws(WebError) -> [UInt8] {
        byteCount += piece.count
        rest.append(contentsOf: piece)
        let whole = rest.count / MediaKeys.blockByteCount * MediaKeys.blockByteCount
        guard whole > 0 else { return [] }
        let blocks = rest.count == whole ? rest : Array(rest[..<whole])
        rest = rest.count == whole ? [] : Array(rest[whole...])
        plainHash.update(data: blocks)
        return try seal(blocks)
    }

    /// Ends the file.
    /// - Returns: the last ciphertext and the MAC, and what is known of the file.
    mutating func finish() throws(WebError) -> (last: [UInt8], result: Result) {
        plainHash.update(data: rest)
        let padding = MediaKeys.blockByteCount - rest.count
        var last = try seal(rest + [UInt8](repeating: UInt8(padding), count: padding))
        let tag = Array(mac.finalize().prefix(MediaKeys.macByteCount))
        sealedHash.update(data: tag)
        sealedByteCount += tag.count
        last += tag
        return (
            last,
            Result(
                sha256: Array(plainHash.finalize()), encryptedSHA256: Array(sealedHash.finalize()),
                byteCount: byteCount, sealedByteCount: sealedByteCount)
        )
    }

    private mutating func seal(_ blocks: [UInt8]) throws(WebError) -> [UInt8] {
        let sealed: [UInt8]
        do {
            sealed = Array(
                try AES._CBC.encrypt(blocks, using: key, iv: AES._CBC.IV(ivBytes: chain), noPadding: true))
        } catch { throw WebError(.invalid, "a file cannot be encrypted: the cipher refused its key") }
        chain = Array(sealed.suffix(MediaKeys.blockByteCount))
        mac.update(data: sealed)
        sealedHash.update(data: sealed)
        sealedByteCount += sealed.count
        return sealed
    }
}
