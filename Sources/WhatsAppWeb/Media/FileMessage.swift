import Foundation
import WhatsAppProto

/// What all messages with a file say of it.
protocol FileMessage {
    var url: String { get set }
    var directPath: String { get set }
    var mediaKey: Data { get set }
    var fileSha256: Data { get set }
    var fileEncSha256: Data { get set }
    var fileLength: UInt64 { get set }
    var mediaKeyTimestamp: Int64 { get set }
    var mimeType: String { get set }
}

extension WAImageMessage: FileMessage {}
extension WAVideoMessage: FileMessage {}
extension WAAudioMessage: FileMessage {}
extension WADocumentMessage: FileMessage {}
extension WAStickerMessage: FileMessage {}

extension FileMessage {
    /// Says where an uploaded file is and how it is opened.
    /// - Parameter usual: its type, if it was uploaded without one.
    /// - Throws: `WebError` with `invalid` if there is no file, or it was uploaded as another kind.
    mutating func point(to media: MediaReference?, as kind: MediaKind, usual: String) throws(WebError) {
        guard let media else { throw WebError(.invalid, "there is no uploaded file to send as \(kind)") }
        guard media.kind == kind else {
            throw WebError(.invalid, "a file that was uploaded as \(media.kind) cannot be sent as \(kind)")
        }
        url = media.url ?? ""
        directPath = media.directPath
        mediaKey = Data(media.key)
        fileSha256 = Data(media.sha256)
        fileEncSha256 = Data(media.encryptedSHA256)
        fileLength = media.byteCount.flatMap { UInt64(exactly: $0) } ?? 0
        mediaKeyTimestamp = media.keyCreatedAt?.messageSeconds ?? 0
        mimeType = media.mimeType ?? usual
    }
}

extension MediaReference {
    /// The file of a message.
    init?(_ message: some FileMessage, as kind: MediaKind) {
        self.init(
            kind: kind, directPath: message.directPath, url: message.url.ifNotEmpty, key: message.mediaKey.byteArray,
            sha256: message.fileSha256.byteArray, encryptedSHA256: message.fileEncSha256.byteArray,
            byteCount: Int(exactly: message.fileLength),
            keyCreatedAt: Date(messageSeconds: message.mediaKeyTimestamp), mimeType: message.mimeType.ifNotEmpty)
    }
}
