import AsyncHTTPClient
import NIOCore
import NIOHTTP1

/// Posts webhooks over connections that stay open.
struct WebhookSender: Sendable {
    let client: HTTPClient

    /// Lets `body` use a sender with at most `connections` connections to one server.
    static func using<Result: Sendable>(
        connections: Int, _ body: (WebhookSender) async throws -> Result
    ) async throws -> Result {
        var configuration = HTTPClient.Configuration()
        configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = connections
        configuration.connectionPool.retryConnectionEstablishment = false
        let client = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
        do {
            let result = try await body(WebhookSender(client: client))
            try await client.shutdown()
            return result
        } catch {
            try await client.shutdown()
            throw error
        }
    }

    /// - Returns: the status of the answer.
    /// - Throws: when there is none within ten seconds.
    func post(_ webhook: SignedWebhook, to url: String) async throws -> UInt {
        var request = HTTPClientRequest(url: url)
        request.method = .POST
        request.headers.add(name: "Content-Type", value: "application/json")
        request.headers.add(name: "X-Hub-Signature-256", value: webhook.signature)
        request.body = .bytes(ByteBuffer(bytes: webhook.body))
        let response = try await client.execute(request, timeout: .seconds(10))
        _ = try await response.body.collect(upTo: 64 << 10)
        return response.status.code
    }
}
