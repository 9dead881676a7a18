import Crypto
import CryptoExtras
import Foundation
import WhatsAppKeys

/// Decrypts a file piece by piece, in constant memory.
///
/// The plaintext that `update` gives is proved right only by `finish`: until then it must not be used.
struct MediaDecryption {
    private let media: MediaReference
    private let limit: Int
    private let key: SymmetricKey
    private var chain: [UInt8]
    private var mac: HMAC<SHA256>
    private var plainHash = SHA256()
    private var sealedHash = SHA256()
    /// What may be the last block and the MAC, and less than a block more.
    private var rest: [UInt8] = []
    private var sealedByteCount = 0

    /// What is held back until the end.
    private static let tailByteCount = MediaKeys.blockByteCount + MediaKeys.macByteCount

    /// - Parameter limit: the most bytes that the file may have.
    /// - Throws: `WebError` with `tooLarge` if it says itself that it has more.
    init(_ media: MediaReference, limit: Int) throws(WebError) {
        if let count = media.byteCount, count > limit { throw Self.tooLarge(limit) }
        let keys = try MediaKeys(media.key, kind: media.kind)
        self.media = media
        self.limit = limit
        key = keys.cipherKey
        chain = keys.iv
        mac = HMAC(key: keys.macKey)
        mac.update(data: keys.iv)
    }

    /// Takes a piece of what lies on the server.
    /// - Returns: plaintext, at most 15 bytes longer than the piece.
    /// - Throws: `WebError` with `tooLarge`.
    mutating func update(_ piece: some Collection<UInt8> & Sendable) throws(WebError) -> [UInt8] {
        sealedByteCount += piece.count
        // Padding and MAC are at most 26 bytes more than the file.
        guard sealedByteCount - Self.tailByteCount <= limit else { throw Self.tooLarge(limit) }
        rest.append(contentsOf: piece)
        let whole = (rest.count - Self.tailByteCount) / MediaKeys.blockByteCount * MediaKeys.blockByteCount
        guard whole > 0 else { return [] }
        let blocks = Array(rest[..<whole])
        rest = Array(rest[whole...])
        let plain = try open(blocks)
        plainHash.update(data: plain)
        return plain
    }

    /// Ends the file and checks it, in this order: the hash of what lay on the server, the MAC, the hash of the file.
    /// - Returns: the last plaintext.
    /// - Throws: `WebError` with `mediaTruncated`, `mediaSwapped` or `mediaDamaged`.
    mutating func finish() throws(WebError) -> [UInt8] {
        guard rest.count >= Self.tailByteCount else { throw damage(.mediaTruncated, "is too short to be a file") }
        let tag = Array(rest.suffix(MediaKeys.macByteCount))
        let blocks = Array(rest.dropLast(MediaKeys.macByteCount))
        var sealed = sealedHash
        sealed.update(data: rest)
        guard ConstantTime.equal(Array(sealed.finalize()), media.encryptedSHA256) else {
            let isShort = media.byteCount.map { sealedByteCount < MediaKeys.sealedByteCount(of: $0) } ?? false
            throw isShort
                ? damage(.mediaTruncated, "ended after \(sealedByteCount) bytes")
                : damage(.mediaSwapped, "is another one than the message names: its encrypted SHA-256 differs")
        }
        guard blocks.count.isMultiple(of: MediaKeys.blockByteCount) else {
            throw damage(.mediaDamaged, "is no multiple of a block")
        }
        let plain = try open(blocks)
        guard ConstantTime.equal(Array(mac.finalize().prefix(MediaKeys.macByteCount)), tag) else {
            throw damage(.mediaDamaged, "has a wrong MAC")
        }
        guard let last = Self.unpadded(plain) else { throw damage(.mediaDamaged, "has a wrong padding") }
        plainHash.update(data: last)
        guard ConstantTime.equal(Array(plainHash.finalize()), media.sha256) else {
            throw damage(.mediaDamaged, "has another SHA-256 than the message says")
        }
        return last
    }

    private mutating func open(_ blocks: [UInt8]) throws(WebError) -> [UInt8] {
        mac.update(data: blocks)
        sealedHash.update(data: blocks)
        do {
            let plain = try AES._CBC.decrypt(blocks, using: key, iv: AES._CBC.IV(ivBytes: chain), noPadding: true)
            chain = Array(blocks.suffix(MediaKeys.blockByteCount))
            return Array(plain)
        } catch { throw damage(.mediaDamaged, "cannot be decrypted") }
    }

    /// The MAC was right, so that a wrong padding is its sender's own mistake and tells nobody anything.
    private static func unpadded(_ plain: [UInt8]) -> [UInt8]? {
        guard let count = plain.last.map(Int.init), (1...MediaKeys.blockByteCount).contains(count),
            plain.count >= count, plain.suffix(count).allSatisfy({ Int($0) == count })
        else { return nil }
        return Array(plain.dropLast(count))
    }

    private func damage(_ code: WebError.Code, _ what: String) -> WebError {
        WebError(code, "the downloaded \(media.kind) \(what)")
    }

    private static func tooLarge(_ limit: Int) -> WebError {
        WebError(.tooLarge, "the file is larger than the limit of \(limit) bytes")
    }
}
