import AsyncHTTPClient
import BotKit
import Foundation
import NIOCore
import NIOHTTP1

/// Chat completions as OpenAI defined them and Ollama, llama.cpp, vLLM, Groq, OpenRouter and LiteLLM speak them.
///
/// Source: OpenAI, API reference "Chat completions".
struct OpenAIChat: ChatDialect {
    func httpRequest(for request: ModelRequest, to endpoint: ModelEndpoint, key: String?) throws -> HTTPClientRequest {
        var body = OpenAIChatBody(model: endpoint.model, messages: request.messages.map(OpenAIChatBody.Message.init))
        let limit = request.maxOutputTokens ?? endpoint.maxOutputTokens
        switch endpoint.tokenLimitField {
        case .maxTokens: body.maxTokens = limit
        case .maxCompletionTokens: body.maxCompletionTokens = limit
        }
        body.temperature = endpoint.temperature
        if endpoint.sendsSafetyIdentifier { body.safetyIdentifier = request.safetyIdentifier }
        var result = HTTPClientRequest.toModel("\(endpoint.baseURL)/chat/completions", endpoint)
        result.method = .POST
        result.authorize(key)
        try result.setJSON(body)
        return result
    }

    func listRequest(to endpoint: ModelEndpoint, key: String?) -> HTTPClientRequest {
        var result = HTTPClientRequest.toModel("\(endpoint.baseURL)/models", endpoint)
        result.authorize(key)
        return result
    }

    func makeReader(for endpoint: ModelEndpoint) -> any AnswerReader { OpenAIChatReader(endpoint: endpoint) }
}

extension HTTPClientRequest {
    /// A request with the headers that every vendor gets.
    static func toModel(_ url: String, _ endpoint: ModelEndpoint) -> HTTPClientRequest {
        var request = HTTPClientRequest(url: url)
        request.headers.add(name: "accept", value: "text/event-stream, application/json")
        request.headers.add(name: "user-agent", value: "Martlet")
        for header in endpoint.headers { request.headers.add(name: header.name, value: header.value) }
        return request
    }

    fileprivate mutating func authorize(_ key: String?) {
        if let key { headers.add(name: "authorization", value: "Bearer \(key)") }
    }

    mutating func setJSON(_ body: some Encodable) throws {
        let encoder = JSONEncoder()
        // Sorted, so that a repeated request has the same bytes.
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        headers.add(name: "content-type", value: "application/json")
        self.body = .bytes(ByteBuffer(bytes: try encoder.encode(body)))
    }
}
