public import Foundation
import AsyncHTTPClient
import NIOCore
import NIOHTTP1

extension MediaTransfer {
    /// Fetches a file to disk; nothing is left at `file` unless all checks pass.
    /// - Parameters:
    ///   - file: must not exist yet; is made readable for this user only.
    ///   - limit: the most bytes that are taken.
    /// - Throws: `WebError` with `mediaGone` (ask its sender: a media retry), `mediaTruncated`, `mediaSwapped`,
    ///   `mediaDamaged`, `tooLarge`, `file`, `timedOut`, `disconnected` or `refused`.
    public func download(_ media: MediaReference, to file: URL, limit: Int) async throws(WebError) {
        try await download(media, to: FileSink(file), limit: limit)
    }

    /// Fetches a small file.
    /// - Parameter limit: the most bytes that are taken.
    /// - Throws: as `download(_:to:limit:)`.
    public func download(_ media: MediaReference, limit: Int) async throws(WebError) -> [UInt8] {
        let sink = MemorySink()
        try await download(media, to: sink, limit: limit)
        return sink.bytes
    }

    /// Fetches a file and hands it over piece by piece.
    func download(_ media: MediaReference, to sink: some MediaSink, limit: Int) async throws(WebError) {
        do {
            try await tryHosts { _, host in
                try sink.begin()
                let address = addresses.download(media, host: host)
                let response = try await answer(request(.GET, address))
                try await take(response, media, to: sink, limit: limit)
            }
            try sink.keep()
        } catch {
            sink.discard()
            throw error
        }
    }

    private func take(
        _ response: HTTPClientResponse, _ media: MediaReference, to sink: some MediaSink, limit: Int
    ) async throws {
        let announced = response.headers.first(name: "content-length").flatMap { Int($0) }
        if let announced, announced > MediaKeys.sealedByteCount(of: limit) {
            throw WebError(.tooLarge, "the file is larger than the limit of \(limit) bytes")
        }
        var decryption = try MediaDecryption(media, limit: limit)
        var byteCount = 0
        do {
            for try await chunk in response.body {
                byteCount += chunk.readableBytes
                try sink.write(decryption.update(chunk.readableBytesView))
            }
        } catch {
            if error is WebError || error is CancellationError || Task.isCancelled { throw error }
            throw WebError(.mediaTruncated, "the downloaded \(media.kind) ended after \(byteCount) bytes")
        }
        try sink.write(decryption.finish())
    }
}
