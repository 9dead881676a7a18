import Foundation
import Testing
import TestKit

@testable import WhatsAppWeb

@Suite struct MediaEncryptionTests {
    struct Vector: Decodable {
        let media_key: Hex
        let expanded: Hex
        let plaintext: Hex
        let uploaded_blob: Hex
    }

    private func seal(
        _ plain: [UInt8], key: [UInt8], kind: MediaKind = .image, pieces: () -> Int = { 7 }
    ) throws -> (blob: [UInt8], media: MediaReference) {
        var encryption = MediaEncryption(try MediaKeys(key, kind: kind))
        var blob: [UInt8] = []
        var rest = plain[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(pieces(), 1))
            blob += try encryption.update(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        let (last, result) = try encryption.finish()
        blob += last
        #expect(result.byteCount == plain.count)
        #expect(result.sealedByteCount == blob.count)
        #expect(blob.count == MediaKeys.sealedByteCount(of: plain.count))
        let media = MediaReference(
            kind: kind, directPath: "/v/1", key: key, sha256: result.sha256,
            encryptedSHA256: result.encryptedSHA256, byteCount: plain.count)
        return (blob, try #require(media))
    }

    private func open(
        _ blob: [UInt8], _ media: MediaReference, limit: Int = 1 << 20, pieces: () -> Int = { 11 }
    ) throws -> [UInt8] {
        var decryption = try MediaDecryption(media, limit: limit)
        var plain: [UInt8] = []
        var rest = blob[...]
        while !rest.isEmpty {
            let piece = rest.prefix(max(pieces(), 1))
            plain += try decryption.update(Array(piece))
            rest = rest.dropFirst(piece.count)
        }
        return try plain + decryption.finish()
    }

    @Test func `keys and blob are those of others`() throws {
        let vector: Vector = try Vectors.load("media")
        #expect(MediaKeys.expand(vector.media_key.bytes, .image) == vector.expanded.bytes)
        let (blob, media) = try seal(vector.plaintext.bytes, key: vector.media_key.bytes)
        #expect(blob == vector.uploaded_blob.bytes)
        #expect(try open(blob, media) == vector.plaintext.bytes)
    }

    @Test func `any length in any pieces comes back`() throws {
        var random = SeededRandom(seed: 1)
        for length in Array(0...70) + [1_000, 65_536, 70_001] {
            let plain = random.bytes(length)
            let key = random.bytes(32)
            let kind = try #require(MediaKind.allCases.randomElement(using: &random))
            let (blob, media) = try seal(plain, key: key, kind: kind) { Int.random(in: 1...300, using: &random) }
            #expect(try open(blob, media) { Int.random(in: 1...300, using: &random) } == plain)
        }
    }

    @Test func `one byte changed anywhere is another file`() throws {
        let (blob, media) = try seal(Array(0..<50), key: [UInt8](repeating: 5, count: 32))
        for index in blob.indices {
            var bad = blob
            bad[index] ^= 1
            let error = #expect(throws: WebError.self) { try open(bad, media) }
            #expect(error?.code == .mediaSwapped)
        }
    }

    @Test func `a file cut at any byte is known to be cut`() throws {
        let (blob, media) = try seal(Array(0..<50), key: [UInt8](repeating: 5, count: 32))
        for length in 0..<blob.count {
            let error = #expect(throws: WebError.self) { try open(Array(blob[..<length]), media) }
            #expect(error?.code == .mediaTruncated)
        }
    }

    @Test func `the MAC is checked when the sender's hash fits a forged blob`() throws {
        let key = [UInt8](repeating: 5, count: 32)
        let (blob, media) = try seal(Array(0..<50), key: key)
        for index in blob.indices {
            var bad = blob
            bad[index] ^= 1
            let forged = try rehashed(media, blob: bad)
            let error = #expect(throws: WebError.self) { try open(bad, forged) }
            #expect(error?.code == .mediaDamaged)
            #expect(error?.message.contains("MAC") == true)
        }
    }

    @Test func `the hash of the file is checked last`() throws {
        let (blob, media) = try seal(Array(0..<50), key: [UInt8](repeating: 5, count: 32))
        var lying = media
        lying.sha256[0] ^= 1
        let error = #expect(throws: WebError.self) { try open(blob, lying) }
        #expect(error?.code == .mediaDamaged)
        #expect(error?.message.contains("SHA-256") == true)
    }

    @Test func `a file over the limit is refused, whether it says so or not`() throws {
        let (blob, media) = try seal([UInt8](repeating: 1, count: 1_000), key: [UInt8](repeating: 5, count: 32))
        var silent = media
        silent.byteCount = nil
        for media in [media, silent] {
            let error = #expect(throws: WebError.self) { try open(blob, media, limit: 900) }
            #expect(error?.code == .tooLarge)
        }
        #expect(try open(blob, silent, limit: 1_000).count == 1_000)
    }

    @Test func `a wrong length that the sender claims does not matter when all hashes fit`() throws {
        let (blob, media) = try seal(Array(0..<50), key: [UInt8](repeating: 5, count: 32))
        var lying = media
        lying.byteCount = 3
        #expect(try open(blob, lying) == Array(0..<50))
    }

    @Test func `what comes out is never much more than what went in`() throws {
        let media = try MediaReference.sample()
        var encryption = MediaEncryption(try MediaKeys(media.key, kind: .image))
        var decryption = try MediaDecryption(media, limit: 1 << 30)
        let piece = [UInt8](repeating: 7, count: 65_537)
        for _ in 0..<20 {
            let sealed = try encryption.update(piece)
            let plain = try decryption.update(piece)
            #expect(max(sealed.count, plain.count) <= piece.count + 15)
        }
    }

    @Test func `a reference prints neither key nor place`() throws {
        let text = "\(try MediaReference.sample())"
        #expect(text == "image of 20 bytes")
    }

    private func rehashed(_ media: MediaReference, blob: [UInt8]) throws -> MediaReference {
        var media = media
        media.encryptedSHA256 = Digest.sha256(blob)
        return media
    }
}
