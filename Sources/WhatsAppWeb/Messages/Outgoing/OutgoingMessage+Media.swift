import Foundation
import SwiftProtobuf
import WhatsAppProto

extension OutgoingMessage {
    static func image(_ image: ImageContent, _ context: WAContextInfo?) throws(WebError) -> WAImageMessage {
        let file = try MediaFields(image.media, .image)
        var message = WAImageMessage()
        message.url = file.url
        message.directPath = file.directPath
        message.mediaKey = file.key
        message.fileSha256 = file.sha256
        message.fileEncSha256 = file.encryptedSHA256
        message.fileLength = file.length
        message.mediaKeyTimestamp = file.keyTimestamp
        message.mimeType = file.mimeType ?? "image/jpeg"
        if let caption = image.caption { message.caption = caption }
        if let width = image.width.pixels { message.width = width }
        if let height = image.height.pixels { message.height = height }
        if let thumbnail = image.thumbnail { message.jpegThumbnail = Data(thumbnail) }
        if let context { message.contextInfo = context }
        return message
    }

    static func video(_ video: VideoContent, _ context: WAContextInfo?) throws(WebError) -> WAVideoMessage {
        let file = try MediaFields(video.media, .video)
        var message = WAVideoMessage()
        message.url = file.url
        message.directPath = file.directPath
        message.mediaKey = file.key
        message.fileSha256 = file.sha256
        message.fileEncSha256 = file.encryptedSHA256
        message.fileLength = file.length
        message.mediaKeyTimestamp = file.keyTimestamp
        message.mimeType = file.mimeType ?? "video/mp4"
        if let caption = video.caption { message.caption = caption }
        if let seconds = video.seconds.pixels { message.seconds = seconds }
        if let width = video.width.pixels { message.width = width }
        if let height = video.height.pixels { message.height = height }
        if video.isGIF { message.gifPlayback = true }
        if let thumbnail = video.thumbnail { message.jpegThumbnail = Data(thumbnail) }
        if let context { message.contextInfo = context }
        return message
    }

    static func audio(_ audio: AudioContent, _ context: WAContextInfo?) throws(WebError) -> WAAudioMessage {
        let file = try MediaFields(audio.media, .audio)
        var message = WAAudioMessage()
        message.url = file.url
        message.directPath = file.directPath
        message.mediaKey = file.key
        message.fileSha256 = file.sha256
        message.fileEncSha256 = file.encryptedSHA256
        message.fileLength = file.length
        message.mediaKeyTimestamp = file.keyTimestamp
        message.mimeType = file.mimeType ?? (audio.isVoiceNote ? "audio/ogg; codecs=opus" : "audio/mpeg")
        message.voiceNote = audio.isVoiceNote
        if let seconds = audio.seconds.pixels { message.seconds = seconds }
        if audio.isVoiceNote, let waveform = audio.waveform {
            guard waveform.count == AudioContent.waveformLength, waveform.allSatisfy({ $0 <= 100 }) else {
                throw WebError(
                    .invalid, "a wave must have \(AudioContent.waveformLength) values of 0 to 100; see waveform(of:)")
            }
            message.waveform = Data(waveform)
        }
        if let context { message.contextInfo = context }
        return message
    }

    /// A document; with a caption it needs an envelope.
    static func write(
        _ document: DocumentContent, _ context: WAContextInfo?, into outer: inout WAMessage
    ) throws(WebError) {
        let file = try MediaFields(document.media, .document)
        var message = WADocumentMessage()
        message.url = file.url
        message.directPath = file.directPath
        message.mediaKey = file.key
        message.fileSha256 = file.sha256
        message.fileEncSha256 = file.encryptedSHA256
        message.fileLength = file.length
        message.mediaKeyTimestamp = file.keyTimestamp
        message.mimeType = file.mimeType ?? "application/octet-stream"
        let name = document.fileName ?? "file"
        message.fileName = name
        message.title = name
        if let pages = document.pageCount.pixels { message.pageCount = pages }
        if let thumbnail = document.thumbnail { message.jpegThumbnail = Data(thumbnail) }
        if let context { message.contextInfo = context }
        guard let caption = document.caption else {
            outer.document = message
            return
        }
        message.caption = caption
        outer.documentWithCaption.message.document = message
    }

    static func sticker(_ sticker: StickerContent, _ context: WAContextInfo?) throws(WebError) -> WAStickerMessage {
        let file = try MediaFields(sticker.media, .image)
        var message = WAStickerMessage()
        message.url = file.url
        message.directPath = file.directPath
        message.mediaKey = file.key
        message.fileSha256 = file.sha256
        message.fileEncSha256 = file.encryptedSHA256
        message.fileLength = file.length
        message.mediaKeyTimestamp = file.keyTimestamp
        message.mimeType = file.mimeType ?? "image/webp"
        if let width = sticker.width.pixels { message.width = width }
        if let height = sticker.height.pixels { message.height = height }
        message.isAnimated = sticker.isAnimated
        if let context { message.contextInfo = context }
        return message
    }
}

/// What all messages with a file say of it.
private struct MediaFields {
    let url: String
    let directPath: String
    let key: Data
    let sha256: Data
    let encryptedSHA256: Data
    let length: UInt64
    let keyTimestamp: Int64
    let mimeType: String?

    init(_ media: MediaReference?, _ kind: MediaKind) throws(WebError) {
        guard let media else { throw WebError(.invalid, "there is no uploaded file to send as \(kind)") }
        guard media.kind == kind else {
            throw WebError(.invalid, "a file that was uploaded as \(media.kind) cannot be sent as \(kind)")
        }
        url = media.url ?? ""
        directPath = media.directPath
        key = Data(media.key)
        sha256 = Data(media.sha256)
        encryptedSHA256 = Data(media.encryptedSHA256)
        length = media.byteCount.flatMap { UInt64(exactly: $0) } ?? 0
        keyTimestamp = media.keyCreatedAt?.messageSeconds ?? 0
        mimeType = media.mimeType
    }
}

extension Int? {
    /// The number as messages hold it; nil if it is none or does not fit.
    fileprivate var pixels: UInt32? { flatMap { UInt32(exactly: $0) } }
}
