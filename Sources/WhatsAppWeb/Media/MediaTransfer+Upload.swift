import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

extension MediaTransfer {
    /// The longest answer to an upload that is read, in bytes.
    private static let longestAnswer = 1 << 16

    /// Encrypts a file and brings it to a media server.
    /// - Parameters:
    ///   - limit: the most bytes that are sent.
    ///   - mimeType: what recipients are told that it is.
    /// - Throws: `WebError` with `tooLarge`, `file`, `timedOut`, `disconnected`, `refused` or `malformed`.
    public func upload(
        _ source: MediaSource, as kind: MediaKind, mimeType: String, limit: Int = 2 << 30
    ) async throws(WebError) -> MediaReference {
        let key = random(MediaReference.keyByteCount)
        let result = try Self.measure(source, key, kind, limit: limit)
        let body = MediaUploadBody(source: source, key: key, kind: kind, expected: result)
        let place = try await tryHosts { connection, host in
            let address = addresses.upload(
                kind, encryptedSHA256: result.encryptedSHA256, connection: connection, host: host)
            var request = request(.POST, address)
            request.headers.add(name: "content-type", value: "application/octet-stream")
            request.body = .stream(body, length: .known(Int64(result.sealedByteCount)))
            return try await Self.place(answer(request))
        }
        guard
            let media = MediaReference(
                kind: kind, directPath: place.direct_path, url: place.url, key: key, sha256: result.sha256,
                encryptedSHA256: result.encryptedSHA256, byteCount: result.byteCount, keyCreatedAt: time.now(),
                mimeType: mimeType)
        else { throw WebError(.malformed, "the media server gave no path for what was uploaded") }
        return media
    }

    /// Deletes a file from the media servers, such as a chunk of history after use.
    public func delete(_ media: MediaReference, handle: String? = nil) async throws(WebError) {
        try await tryHosts { connection, host in
            let address = addresses.deletion(media, handle: handle, connection: connection, host: host)
            _ = try await answer(request(.DELETE, address))
        }
    }

    /// Reads a file once for its hashes.
    private static func measure(
        _ source: MediaSource, _ key: [UInt8], _ kind: MediaKind, limit: Int
    ) throws(WebError) -> MediaEncryption.Result {
        var encryption = MediaEncryption(try MediaKeys(key, kind: kind))
        var reader = try source.reader()
        defer { reader.close() }
        var byteCount = 0
        while true {
            let piece = try reader.next()
            guard !piece.isEmpty else { return try encryption.finish().result }
            byteCount += piece.count
            guard byteCount <= limit else {
                throw WebError(.tooLarge, "the file to upload is larger than the limit of \(limit) bytes")
            }
            _ = try encryption.update(piece)
        }
    }

    private struct Place: Decodable, Sendable {
        var url: String?
        var direct_path: String
    }

    private static func place(_ response: HTTPClientResponse) async throws -> Place {
        let body = try await response.body.collect(upTo: longestAnswer)
        do { return try JSONDecoder().decode(Place.self, from: Data(body.readableBytesView)) } catch {
            throw WebError(.malformed, "the media server gave no path for what was uploaded")
        }
    }
}
