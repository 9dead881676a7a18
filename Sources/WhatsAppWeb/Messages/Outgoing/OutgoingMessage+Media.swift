import Foundation
import SwiftProtobuf
import WhatsAppProto

extension OutgoingMessage {
    static func image(_ image: ImageContent, _ context: WAContextInfo?) throws(WebError) -> WAImageMessage {
        var message = WAImageMessage()
        try message.point(to: image.media, as: .image, usual: "image/jpeg")
        if let caption = image.caption { message.caption = caption }
        if let width = image.width.pixels { message.width = width }
        if let height = image.height.pixels { message.height = height }
        if let thumbnail = image.thumbnail { message.jpegThumbnail = Data(thumbnail) }
        if let context { message.contextInfo = context }
        return message
    }

    static func video(_ video: VideoContent, _ context: WAContextInfo?) throws(WebError) -> WAVideoMessage {
        var message = WAVideoMessage()
        try message.point(to: video.media, as: .video, usual: "video/mp4")
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
        var message = WAAudioMessage()
        try message.point(
            to: audio.media, as: .audio,
            usual: audio.isVoiceNote ? "audio/ogg; codecs=opus" : "audio/mpeg")
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
        var message = WADocumentMessage()
        try message.point(to: document.media, as: .document, usual: "application/octet-stream")
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
        var message = WAStickerMessage()
        try message.point(to: sticker.media, as: .image, usual: "image/webp")
        if let width = sticker.width.pixels { message.width = width }
        if let height = sticker.height.pixels { message.height = height }
        message.isAnimated = sticker.isAnimated
        if let context { message.contextInfo = context }
        return message
    }
}

extension Int? {
    /// The number as messages hold it; nil if it is none or does not fit.
    fileprivate var pixels: UInt32? { flatMap { UInt32(exactly: $0) } }
}
