import Foundation
import WhatsAppWeb
import WhatsAppWire

/// Where a file lies and how it is opened, as a short text for the inbox: what `Media.reference` holds.
struct StoredMediaReference: Sendable, Hashable {
    let media: MediaReference
    /// The message that the file came with: its sender's phone is asked when the file is gone from the servers.
    let message: MessageReference

    init(_ media: MediaReference, of message: MessageReference) {
        self.media = media
        self.message = message
    }

    /// One letter a field: it is stored with every file.
    private struct Form: Codable {
        var k: MediaKind
        var p: String
        var s: Data
        var h: Data
        var e: Data
        var n: Int?
        var t: String?
        var m: String
        var c: JID
        var a: JID
    }

    /// JSON.
    var encoded: String {
        let form = Form(
            k: media.kind, p: media.directPath, s: Data(media.key), h: Data(media.sha256),
            e: Data(media.encryptedSHA256), n: media.byteCount, t: media.mimeType.map { String($0.prefix(100)) },
            m: message.id, c: message.chat, a: message.sender)
        // Texts, numbers and bytes can always be written.
        return (try? JSONEncoder().encode(form)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    }

    /// - Returns: `nil` for a text that is none, or of a newer version.
    init?(encoded: String) {
        guard let form = try? JSONDecoder().decode(Form.self, from: Data(encoded.utf8)),
            let media = MediaReference(
                kind: form.k, directPath: form.p, key: [UInt8](form.s), sha256: [UInt8](form.h),
                encryptedSHA256: [UInt8](form.e), byteCount: form.n, mimeType: form.t)
        else { return nil }
        self.init(media, of: MessageReference(id: form.m, chat: form.c, sender: form.a, isFromMe: false))
    }
}
