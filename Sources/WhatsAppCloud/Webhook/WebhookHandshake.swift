import Crypto
import Foundation

/// Answers the unsigned GET by which Meta checks a callback URL.
public struct WebhookHandshake: Sendable {
    /// What to answer.
    public enum Answer: Sendable, Equatable {
        /// 200 with exactly this text as `text/plain`: no quotes, no JSON.
        case challenge(String)
        /// 403.
        case refused(reason: String)
    }

    private let expected: SHA256.Digest

    /// - Parameter verifyToken: what was typed beside the callback URL in Meta's dashboard.
    /// - Throws: `SecretFailure` if it is empty.
    public init(verifyToken: String) throws(SecretFailure) {
        guard !verifyToken.isEmpty else { throw SecretFailure(description: "the verify token must not be empty") }
        expected = SHA256.hash(data: Data(verifyToken.utf8))
    }

    /// - Parameters:
    ///   - mode: the query's `hub.mode`.
    ///   - challenge: the query's `hub.challenge`, returned as it is.
    ///   - verifyToken: the query's `hub.verify_token`, compared in constant time.
    public func answer(mode: String?, challenge: String?, verifyToken: String?) -> Answer {
        // Digests of equal length compare in constant time, and hide the token's length too.
        let isKnown = SHA256.hash(data: Data((verifyToken ?? "").utf8)) == expected
        guard mode == "subscribe" else { return .refused(reason: "hub.mode is not subscribe") }
        guard isKnown else { return .refused(reason: "hub.verify_token is not the configured one") }
        guard let challenge, (1...1024).contains(challenge.utf8.count) else {
            return .refused(reason: "hub.challenge must have 1 to 1024 bytes")
        }
        return .challenge(challenge)
    }
}
