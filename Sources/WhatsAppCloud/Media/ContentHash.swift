import Crypto
public import Foundation

/// A SHA-256 that came as text: webhooks write it in base64, `GET /{media-id}` in hexadecimal.
public struct ContentHash: Sendable, Hashable {
    /// 32 bytes.
    public let bytes: [UInt8]

    /// Reads either form; `nil` if the text is neither.
    public init?(_ text: String) {
        if text.utf8.count == 64, let bytes = Hexadecimal.bytes(text) {
            self.bytes = bytes
        } else if let data = Data(base64Encoded: text), data.count == 32 {
            bytes = Array(data)
        } else {
            return nil
        }
    }

    /// Hashes `content`.
    public init(of content: some DataProtocol) { bytes = Array(SHA256.hash(data: content)) }

    /// Takes a hash that was computed: 32 bytes.
    public init(bytes: [UInt8]) { self.bytes = bytes }

    /// 64 lower-case hexadecimal digits.
    public var hexadecimal: String { Hexadecimal.text(bytes) }
}
