import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1

/// The GET that proves that a webhook's address is the business's (Meta, Webhooks, Verification requests).
struct WebhookHandshake: Sendable {
    /// What came of one handshake.
    struct Outcome: Sendable {
        let isVerified: Bool
        let status: Int?
        let reason: String

        var json: EmulatorJSON {
            .object([
                "verified": .bool(isVerified), "status": status.map(EmulatorJSON.integer), "reason": .string(reason),
            ])
        }
    }

    private static let deadline = TimeAmount.seconds(6)
    let client: HTTPClient

    /// Asks `url` to repeat a random challenge.
    func run(url: String, verifyToken: String) async -> Outcome {
        let challenge = String(UInt32.random(in: 100_000_000...4_000_000_000))
        guard var parts = URLComponents(string: url), parts.scheme == "http" || parts.scheme == "https",
            parts.host != nil
        else { return Outcome(isVerified: false, status: nil, reason: "the address must be an http or https URL") }
        parts.queryItems =
            (parts.queryItems ?? []) + [
                URLQueryItem(name: "hub.mode", value: "subscribe"),
                URLQueryItem(name: "hub.challenge", value: challenge),
                URLQueryItem(name: "hub.verify_token", value: verifyToken),
            ]
        // A plus sign would be read as a space.
        parts.percentEncodedQuery = parts.percentEncodedQuery?.replacing("+", with: "%2B")
        guard let target = parts.string else {
            return Outcome(isVerified: false, status: nil, reason: "the address must be an http or https URL")
        }
        do {
            let response = try await client.execute(HTTPClientRequest(url: target), timeout: Self.deadline)
            let body = try await response.body.collect(upTo: 16 << 10)
            let status = Int(response.status.code)
            guard status == 200 else {
                return Outcome(
                    isVerified: false, status: status, reason: "the answer must be 200; is the verify token right?")
            }
            guard String(buffer: body) == challenge else {
                return Outcome(
                    isVerified: false, status: status,
                    reason: "the body must be the challenge itself: plain text, no quotes, no JSON")
            }
            return Outcome(isVerified: true, status: status, reason: "ok")
        } catch {
            return Outcome(isVerified: false, status: nil, reason: "no answer: \(error)")
        }
    }
}
