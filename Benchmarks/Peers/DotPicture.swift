import Foundation

/// A picture as small as can be: a dot of 1 x 1.
enum DotPicture {
    static let mimeType = "image/png"
    static let bytes =
        Data(
            base64Encoded:
                "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
        )
        .map { [UInt8]($0) } ?? []

    /// The picture with a mark behind its end, where programs that show it do not look.
    static func bytes(with token: Token) -> [UInt8] { bytes + Array(token.text.utf8) }
}
