import AsyncHTTPClient
import Foundation
import Logging
import NIOCore
import NIOHTTP1

extension WebClient {
    /// The revision of the official client now, from its page, by the way that the account's connections take.
    /// - Returns: nil when the page names none.
    /// - Throws: `WebError` with `disconnected` when the page cannot be had, `invalid` for a wrong setting.
    func currentRevision() async throws(WebError) -> UInt32? {
        guard var parts = URLComponents(url: settings.server, resolvingAgainstBaseURL: false) else { return nil }
        parts.scheme = parts.scheme == "wss" ? "https" : "http"
        parts.path = "/"
        guard let url = parts.url else { return nil }
        let http = try settings.makeHTTPClient(redirects: .follow(max: 5, allowCycles: false))
        let page = await Self.page(at: url, http)
        try? await http.shutdown()
        switch page {
        case .success(let page):
            guard let start = page.range(of: "\"client_revision\":")?.upperBound else { return nil }
            return UInt32(page[start...].prefix { $0.isASCII && $0.isNumber })
        case .failure(let error):
            throw WebError(
                .disconnected,
                "WhatsApp wants a newer client, and its current revision cannot be fetched (\(type(of: error)))")
        }
    }

    private nonisolated static func page(at url: URL, _ http: HTTPClient) async -> Result<String, any Error> {
        do {
            let response = try await http.execute(
                HTTPClientRequest(url: url.absoluteString), timeout: .seconds(20))
            guard response.status == .ok else {
                throw WebError(.refused, status: Int(response.status.code), "the page is not to be had")
            }
            return .success(String(buffer: try await response.body.collect(upTo: 4 << 20)))
        } catch {
            return .failure(error)
        }
    }
}
