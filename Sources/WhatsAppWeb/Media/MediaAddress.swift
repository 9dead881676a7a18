import Foundation

/// Builds addresses on the media servers.
struct MediaAddress {
    /// `https`, or `http` to an emulator.
    var scheme = "https"

    /// Where a file can be had.
    func download(_ media: MediaReference, host: String) -> String {
        let mark = media.directPath.utf8.contains(UInt8(ascii: "?")) ? "&" : "?"
        let hash = Self.token(media.encryptedSHA256)
        return "\(scheme)://\(host)\(media.directPath)\(mark)hash=\(Self.escaped(hash))"
            + "&mms-type=\(media.kind.pathName)&__wa-mms="
    }

    /// Where a file is brought to.
    func upload(_ kind: MediaKind, encryptedSHA256: [UInt8], connection: MediaConnection, host: String) -> String {
        let token = Self.token(encryptedSHA256)
        return "\(scheme)://\(host)/mms/\(kind.pathName)/\(token)?auth=\(Self.escaped(connection.auth))"
            + "&token=\(Self.escaped(token))"
    }

    /// Where a file is deleted; for chunks of history after use.
    func deletion(
        _ media: MediaReference, handle: String?, connection: MediaConnection, host: String
    ) -> String {
        let token = Self.token(media.encryptedSHA256)
        let path = media.directPath.prefix { $0 != "?" }
        let place = Self.token(Array(path.utf8)).filter { $0 != "=" }
        return "\(scheme)://\(host)/mms/\(media.kind.pathName)/\(token)?token=\(Self.escaped(token))"
            + "&d_md=\(place)&auth=\(Self.escaped(connection.auth))"
            + (handle.map { "&e_handle=\(Self.escaped($0))" } ?? "")
    }

    /// URL-safe base64 with padding.
    static func token(_ bytes: [UInt8]) -> String {
        String(
            Data(bytes).base64EncodedString().map { letter in
                switch letter {
                case "+": "-"
                case "/": "_"
                default: letter
                }
            })
    }

    /// A text as the value of a query.
    static func escaped(_ text: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        return String(
            decoding: text.utf8.flatMap { byte in
                plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }, as: UTF8.self)
    }
}
