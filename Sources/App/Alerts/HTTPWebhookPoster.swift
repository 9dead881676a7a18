import AsyncHTTPClient
import BotKit
import NIOCore
import NIOHTTP1

/// Posts to the operator's webhook.
struct HTTPWebhookPoster: WebhookPoster {
    /// How long until the head of an answer is there; what follows it is not read.
    static let deadline = TimeAmount.seconds(10)

    /// Must follow no redirects.
    let http: HTTPClient

    func post(_ body: [UInt8], to address: String, headers: [String: String]) async throws -> Int {
        var request = HTTPClientRequest(url: address)
        request.method = .POST
        for (name, value) in headers { request.headers.add(name: name, value: value) }
        request.headers.add(name: "User-Agent", value: "Martlet/\(ProductVersion.text)")
        request.body = .bytes(ByteBuffer(bytes: body))
        do {
            return Int(try await http.execute(request, deadline: .now() + Self.deadline).status.code)
        } catch {
            if Task.isCancelled || error is CancellationError { throw CancellationError() }
            // An error of the client may hold the address, which may hold a secret.
            throw Outage("webhook", "no answer (\(Self.word(for: error)))")
        }
    }

    private static func word(for error: any Error) -> String {
        guard let error = error as? HTTPClientError else { return "no connection" }
        return [.deadlineExceeded, .connectTimeout, .readTimeout].contains(error) ? "too slow" : "it failed"
    }
}
