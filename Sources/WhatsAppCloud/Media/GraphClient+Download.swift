import AsyncHTTPClient
import Crypto
public import Foundation
import NIOCore
import NIOHTTP1

/// What the API knows about a stored file.
public struct MediaInfo: Sendable, Equatable {
    /// The file's id.
    public let id: MediaID
    /// Where it can be had, for 5 minutes, with our token.
    public let url: String
    /// Its declared type.
    public let mimeType: String?
    /// Its hash.
    public let hash: ContentHash?
    /// Its size in bytes.
    public let fileBytes: Int?

    init?(_ json: JSON, id: MediaID) {
        guard let url = json["url"]?.text else { return nil }
        self.id = MediaID(json["id"]) ?? id
        self.url = url
        mimeType = json["mime_type"]?.text
        hash = json["sha256"]?.text.flatMap { ContentHash($0) }
        fileBytes = json["file_size"]?.integer
    }
}

/// A file that was fetched and checked.
public struct DownloadedMedia: Sendable, Equatable {
    /// Its size.
    public let bytes: Int
    /// Its hash.
    public let hash: ContentHash
    /// Its declared type.
    public let mimeType: String?
}

extension GraphClient {
    /// Asks where a file can be had.
    public func mediaInfo(_ id: MediaID) async throws(GraphError) -> MediaInfo {
        let answer = try await call(GraphRequest(operation: "read media info", method: .GET, path: [id.rawValue]))
        guard let info = MediaInfo(answer.json, id: id) else {
            throw GraphError(.unreadableAnswer, "read media info: the answer has no url")
        }
        return info
    }

    /// Fetches a file to disk; nothing is left at `file` unless all checks pass.
    ///
    /// Checked are the host of every link and redirect, the limit, the announced size, and the hash against what the
    /// API and the webhook say. A link that is no longer there is asked for once more.
    /// - Parameters:
    ///   - file: must not exist yet; is made readable for this user only.
    ///   - limit: the most bytes that are taken.
    ///   - webhookHash: the `sha256` of the webhook, if it had one.
    public func download(
        _ id: MediaID, to file: URL, limit: Int, webhookHash: String? = nil
    ) async throws(GraphError) -> DownloadedMedia {
        let expected = webhookHash.flatMap { ContentHash($0) }
        let info = try await mediaInfo(id)
        do {
            return try await fetch(info, to: file, limit: limit, expected: expected)
        } catch {
            guard error.code == .mediaGone else { throw error }
            return try await fetch(try await mediaInfo(id), to: file, limit: limit, expected: expected)
        }
    }

    private func fetch(
        _ info: MediaInfo, to file: URL, limit: Int, expected: ContentHash?
    ) async throws(GraphError) -> DownloadedMedia {
        if let announced = info.fileBytes, announced > limit { throw Self.tooLarge(announced, limit) }
        let progress = CallProgress()
        let sink = try DownloadSink(file)
        do {
            let media = try await withDeadline(configuration.transferTimeout, on: http.eventLoopGroup.any()) {
                let response = try await open(info.url, progress)
                return try await sink.take(response, info, limit: limit, expected: expected)
            }
            try sink.keep()
            return media
        } catch {
            sink.discard()
            throw Self.failure("download media", error, progress)
        }
    }

    /// Opens a link and follows up to three redirects by hand, each only to an allowed host.
    private func open(_ link: String, _ progress: CallProgress) async throws -> HTTPClientResponse {
        var link = link
        for _ in 0...3 {
            guard configuration.mediaHosts.allows(link) else {
                throw GraphError(
                    .hostNotAllowed, "download media: a link leads to a host that is not on the allow-list")
            }
            var request = HTTPClientRequest(url: link)
            request.headers.add(name: "authorization", value: try await authorization("download media"))
            request.headers.add(name: "accept-encoding", value: "identity")
            let response = try await http.execute(request, timeout: TimeAmount(configuration.timeout))
            let status = Int(response.status.code)
            progress.received(status: status)
            guard response.history.count <= 1 else {
                throw GraphError(.redirected, "download media: the HTTP client followed a redirect by itself")
            }
            switch status {
            case 200: return response
            case 301, 302, 303, 307, 308:
                guard let place = response.headers.first(name: "location"), let base = URL(string: link),
                    let next = URL(string: place, relativeTo: base)?.absoluteString
                else { throw GraphError(.redirected, "download media: a redirect without a place") }
                link = next
            default: throw await Self.refusal(response)
            }
        }
        throw GraphError(.redirected, "download media: more than 3 redirects")
    }

    private static func refusal(_ response: HTTPClientResponse) async -> GraphError {
        let status = Int(response.status.code)
        if status == 404 || status == 410 {
            var gone = GraphError(.mediaGone, "download media: the link is no longer valid (HTTP \(status))")
            gone.status = status
            return gone
        }
        do {
            let answer = try await RawAnswer(response, limit: 1 << 16)
            _ = try answer.read("download media", CallProgress())
            return GraphError(.unreadableAnswer, "download media: HTTP \(status) instead of a file")
        } catch let failure as GraphError {
            return failure
        } catch {
            var failure = GraphError(.refused, "download media: HTTP \(status)", underlying: error)
            failure.status = status
            return failure
        }
    }

    static func tooLarge(_ bytes: Int, _ limit: Int) -> GraphError {
        GraphError(.mediaTooLarge, "download media: \(bytes) bytes or more, the limit is \(limit)")
    }
}
