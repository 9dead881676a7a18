import AsyncHTTPClient
import BotKit
import Foundation
import NIOHTTP1

/// Anthropic's own messages API.
///
/// Source: Anthropic, API reference "Messages" and "Streaming messages", version 2023-06-01.
struct AnthropicMessages: ChatDialect {
    /// The API asks for a limit; this one is sent when nobody set another.
    static let maxOutputTokens = 4_096

    func httpRequest(for request: ModelRequest, to endpoint: ModelEndpoint, key: String?) throws -> HTTPClientRequest {
        var result = self.request("messages", to: endpoint, key: key)
        result.method = .POST
        try result.setJSON(
            AnthropicBody(
                request, model: endpoint.model,
                maxTokens: request.maxOutputTokens ?? endpoint.maxOutputTokens ?? Self.maxOutputTokens,
                temperature: endpoint.temperature))
        return result
    }

    func listRequest(to endpoint: ModelEndpoint, key: String?) -> HTTPClientRequest {
        request("models", to: endpoint, key: key)
    }

    private func request(_ path: String, to endpoint: ModelEndpoint, key: String?) -> HTTPClientRequest {
        let base = endpoint.baseURL.hasSuffix("/v1") ? endpoint.baseURL : "\(endpoint.baseURL)/v1"
        var result = HTTPClientRequest.toModel("\(base)/\(path)", endpoint)
        result.headers.add(name: "anthropic-version", value: "2023-06-01")
        if let key { result.headers.add(name: "x-api-key", value: key) }
        return result
    }

    func makeReader(for endpoint: ModelEndpoint) -> any AnswerReader { AnthropicReader(endpoint: endpoint) }
}
