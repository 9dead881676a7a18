import Crypto
public import Foundation

/// Checks that Meta, and nobody else, sent a body: HMAC-SHA256 under the app secret (Meta, Webhooks).
///
/// The signature covers the exact bytes that came: check before anything is decoded, and never what was re-encoded.
/// It covers no time, so a replay is stopped only by `WebhookUpdate.dedupeKey`. The GET handshake is not signed.
public struct WebhookSignature: Sendable {
    /// The header that carries the signature.
    public static let headerName = "X-Hub-Signature-256"

    private let keys: [SymmetricKey]

    /// - Parameter secrets: the app secret; during a rotation the new and the old one.
    /// - Throws: `SecretFailure` unless there are one or two secrets and none is empty.
    public init(secrets: [String]) throws(SecretFailure) {
        guard (1...2).contains(secrets.count), secrets.allSatisfy({ !$0.isEmpty }) else {
            throw SecretFailure(description: "an app secret is needed, or two during a rotation; none may be empty")
        }
        keys = secrets.map { SymmetricKey(data: Data($0.utf8)) }
    }

    /// Whether `header` (`sha256=` and 64 hexadecimal digits) signs `body`; an absent or malformed one does not.
    public func accepts(_ body: some DataProtocol, header: String?) -> Bool {
        guard let code = Self.code(in: header) else { return false }
        // Every key is tried, so that the time does not tell which one fitted.
        var isValid = false
        for key in keys where HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: body, using: key) {
            isValid = true
        }
        return isValid
    }

    /// Whether `header` has the form of a signature, whoever made it: what lacks it need not be read.
    public static func isWellFormed(_ header: String?) -> Bool { code(in: header) != nil }

    private static func code(in header: String?) -> [UInt8]? {
        guard let header, header.hasPrefix("sha256="), header.utf8.count == 71 else { return nil }
        return Hexadecimal.bytes(header.dropFirst(7))
    }

    /// The header that the first secret gives `body`; for senders of webhooks, such as tests and emulators.
    public func header(for body: some DataProtocol) -> String {
        "sha256=" + Hexadecimal.text(HMAC<SHA256>.authenticationCode(for: body, using: keys[0]))
    }
}

/// A secret that cannot protect anything.
public struct SecretFailure: Error, Sendable, Equatable, CustomStringConvertible {
    /// What is wrong; holds no secret.
    public let description: String
}
