public import Foundation
import WhatsAppProto

/// Where a file is, and the keys and hashes to open it and prove that it is the right one.
///
/// It prints neither keys nor places.
public struct MediaReference: Sendable, Hashable, Codable, CustomStringConvertible {
    public var kind: MediaKind
    /// The place on any media server, with its query; begins with `/`.
    public var directPath: String
    /// A whole address, as the upload gave it. Never used to download: it may lead anywhere.
    public var url: String?
    /// 32 bytes.
    public var key: [UInt8]
    /// Of the file, 32 bytes.
    public var sha256: [UInt8]
    /// Of what lies on the server, 32 bytes.
    public var encryptedSHA256: [UInt8]
    /// The size of the file, as its sender says.
    public var byteCount: Int?
    public var keyCreatedAt: Date?
    /// As its sender says.
    public var mimeType: String?

    /// How long keys and hashes are.
    public static let keyByteCount = 32
    /// The longest path that is taken, in bytes.
    static let longestPath = 4_096

    /// - Returns: nil if a key or hash has a wrong length, or the path is none.
    public init?(
        kind: MediaKind, directPath: String, url: String? = nil, key: [UInt8], sha256: [UInt8],
        encryptedSHA256: [UInt8], byteCount: Int? = nil, keyCreatedAt: Date? = nil, mimeType: String? = nil
    ) {
        guard Self.isPath(directPath), key.count == Self.keyByteCount, sha256.count == Self.keyByteCount,
            encryptedSHA256.count == Self.keyByteCount
        else { return nil }
        self.kind = kind
        self.directPath = directPath
        self.url = url
        self.key = key
        self.sha256 = sha256
        self.encryptedSHA256 = encryptedSHA256
        self.byteCount = byteCount
        self.keyCreatedAt = keyCreatedAt
        self.mimeType = mimeType
    }

    public var description: String { "\(kind) of \(byteCount.map(String.init) ?? "unknown") bytes" }

    /// Whether it can stand behind a host: it begins with `/` and has only characters that addresses have.
    static func isPath(_ path: String) -> Bool {
        path.utf8.count <= longestPath && path.utf8.first == UInt8(ascii: "/")
            && path.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && !forbidden.contains($0) }
    }

    private static let forbidden = Set(#"#"\<>^`{|}"#.utf8)
}

extension MediaReference {
    init?(_ notification: WAHistorySyncNotification) {
        self.init(
            kind: .history, directPath: notification.directPath, key: notification.mediaKey.byteArray,
            sha256: notification.fileSha256.byteArray, encryptedSHA256: notification.fileEncSha256.byteArray,
            byteCount: Int(exactly: notification.fileLength))
    }

    init?(_ blob: WAExternalBlobReference) {
        self.init(
            kind: .appState, directPath: blob.directPath, key: blob.mediaKey.byteArray,
            sha256: blob.fileSha256.byteArray, encryptedSHA256: blob.fileEncSha256.byteArray,
            byteCount: Int(exactly: blob.fileSizeBytes))
    }
}
