import Crypto
import Foundation

/// Signs webhook bodies: HMAC-SHA256 of the exact bytes with the app secret (Meta, Webhooks, Validating payloads).
struct WebhookSigner: Sendable {
    /// The header that carries the signature.
    static let header = "X-Hub-Signature-256"
    private let key: SymmetricKey

    init(appSecret: String) { key = SymmetricKey(data: Data(appSecret.utf8)) }

    /// The header's value for `body`; `nil` when it is to be left out.
    func value(for body: [UInt8], _ signature: WebhookUpdate.Signature = .valid) -> String? {
        guard signature != .missing else { return nil }
        var code = Array(HMAC<SHA256>.authenticationCode(for: body, using: key))
        if signature == .wrong { code[0] ^= 0xFF }
        return "sha256=" + code.map(Identifiers.hexByte).joined()
    }
}
