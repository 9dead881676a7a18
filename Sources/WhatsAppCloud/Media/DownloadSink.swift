import AsyncHTTPClient
import Crypto
import Foundation
import NIOCore
import NIOHTTP1

/// A file that grows beside its final place, and takes that place only when it was found right.
struct DownloadSink: Sendable {
    private let file: URL
    private let part: URL

    init(_ file: URL) throws(GraphError) {
        self.file = file
        part = file.appendingPathExtension("part-" + UUID().uuidString)
        let attributes: [FileAttributeKey: Any] = [.posixPermissions: 0o600]
        guard !FileManager.default.fileExists(atPath: file.path),
            FileManager.default.createFile(atPath: part.path, contents: nil, attributes: attributes)
        else {
            throw GraphError(.fileUnavailable, "download media: the target exists or cannot be made")
        }
    }

    /// Writes the body to disk while it comes in, and checks it.
    func take(
        _ response: HTTPClientResponse, _ info: MediaInfo, limit: Int, expected: ContentHash?
    ) async throws -> DownloadedMedia {
        let announced = response.headers.first(name: "content-length").flatMap { Int($0) }
        if let announced, announced > limit { throw GraphClient.tooLarge(announced, limit) }
        let handle = try FileHandle(forWritingTo: part)
        defer { try? handle.close() }
        var hasher = SHA256()
        var bytes = 0
        do {
            for try await chunk in response.body {
                bytes += chunk.readableBytes
                guard bytes <= limit else { throw GraphClient.tooLarge(bytes, limit) }
                hasher.update(data: Data(chunk.readableBytesView))
                try Self.write(chunk, to: handle)
            }
        } catch {
            if error is GraphError || error is CancellationError || Task.isCancelled { throw error }
            throw GraphError(.mediaTruncated, "download media: the file ended after \(bytes) bytes", underlying: error)
        }
        if let whole = info.fileBytes ?? announced, bytes != whole {
            let code: GraphError.Code = bytes < whole ? .mediaTruncated : .mediaMismatch
            throw GraphError(code, "download media: \(bytes) bytes came, \(whole) were announced")
        }
        let hash = ContentHash(bytes: Array(hasher.finalize()))
        for known in [info.hash, expected] where known != nil && known != hash {
            throw GraphError(.mediaMismatch, "download media: the SHA-256 is not the announced one")
        }
        return DownloadedMedia(bytes: bytes, hash: hash, mimeType: info.mimeType)
    }

    /// Moves the file to its place.
    func keep() throws(GraphError) {
        do { try FileManager.default.moveItem(at: part, to: file) } catch {
            throw GraphError(
                .fileUnavailable, "download media: the file cannot be moved to its place", underlying: error)
        }
    }

    /// Forgets the file.
    func discard() {
        // A part that cannot be removed changes nothing for the caller, who has an error to handle.
        try? FileManager.default.removeItem(at: part)
    }

    private static func write(_ chunk: ByteBuffer, to handle: FileHandle) throws(GraphError) {
        do { try handle.write(contentsOf: Data(chunk.readableBytesView)) } catch {
            throw GraphError(.fileUnavailable, "download media: the file cannot be written", underlying: error)
        }
    }
}
