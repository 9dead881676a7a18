import BotKit
import Crypto
import Foundation
import WhatsAppCloud

/// The files that were uploaded lately: the same bytes need not go out twice.
struct UploadedMedia: Sendable {
    /// Meta keeps an uploaded file for 30 days.
    private static let lifetime: TimeInterval = 29 * 86_400
    let database: any Database
    let account: AccountID

    /// The key of a file: SHA-256 of its bytes, in hexadecimal, and its type.
    /// - Throws: an error of Foundation when the file cannot be read.
    static func key(of media: OutgoingMedia) throws -> String {
        let handle = try FileHandle(forReadingFrom: media.file)
        defer { try? handle.close() }
        var hasher = SHA256()
        while let piece = try handle.read(upToCount: 1 << 16), !piece.isEmpty { hasher.update(data: piece) }
        return "\(ContentHash(bytes: Array(hasher.finalize())).hexadecimal) \(media.mimeType.lowercased())"
    }

    /// The id under which Meta has the file.
    func id(of key: String, at now: Date) async throws -> MediaID? {
        let oldest = now.addingTimeInterval(-Self.lifetime)
        return try await database.rows(
            """
            SELECT media_id FROM cloud_media
            WHERE account = \(account) AND hash = \(key) AND uploaded_at > \(oldest)
            """
        ).first.map { MediaID(rawValue: try $0.text("media_id")) }
    }

    func note(_ id: MediaID, of key: String, at now: Date) async throws {
        try await database.run(
            """
            INSERT INTO cloud_media (account, hash, media_id, uploaded_at)
            VALUES (\(account), \(key), \(id.rawValue), \(now))
            ON CONFLICT (account, hash) DO UPDATE SET media_id = excluded.media_id, uploaded_at = excluded.uploaded_at
            """)
    }

    func forget(_ key: String) async throws {
        try await database.run("DELETE FROM cloud_media WHERE account = \(account) AND hash = \(key)")
    }
}
