public import BotKit
public import Foundation
import Logging
import WhatsAppWeb

extension WhatsAppWebProvider {
    /// The largest files that WhatsApp takes from its own clients, in bytes.
    private static let largestDocument = 2 << 30
    private static let largestMedium = 64 << 20

    /// Brings a file to WhatsApp's servers, in the form that its kind has there.
    /// - Throws: `WebError`.
    func content(of media: OutgoingMedia) async throws -> OutgoingContent {
        let caption = media.caption.flatMap { $0.isEmpty ? nil : $0 }
        switch media.kind {
        case .image:
            async let thumbnail = thumbnail(of: media)
            let file = try await upload(media, as: .image)
            return .image(ImageContent(file, caption: caption, thumbnail: await thumbnail))
        case .video:
            async let thumbnail = thumbnail(of: media)
            let file = try await upload(media, as: .video)
            return .video(VideoContent(file, caption: caption, thumbnail: await thumbnail))
        case .document:
            let name = FileName.safe(media.fileName ?? media.file.lastPathComponent)
            return .document(
                DocumentContent(try await upload(media, as: .document), fileName: name, caption: caption))
        case .audio: return .audio(AudioContent(try await upload(media, as: .audio)))
        case .voice: return .audio(try await voiceNote(media))
        case .sticker:
            guard media.mimeType.lowercased().hasPrefix("image/webp") else {
                return .image(ImageContent(try await upload(media, as: .image), caption: caption))
            }
            let isAnimated = Self.isAnimated(media.file)
            return .sticker(StickerContent(try await upload(media, as: .image), isAnimated: isAnimated))
        }
    }

    private func upload(_ media: OutgoingMedia, as kind: MediaKind) async throws -> MediaReference {
        try await client.upload(
            .file(media.file), as: kind, mimeType: media.mimeType,
            limit: kind == .document ? Self.largestDocument : Self.largestMedium)
    }

    /// What phones show while they fetch the file; without ffmpeg they show nothing.
    private func thumbnail(of media: OutgoingMedia) async -> [UInt8]? { await transcoder?.thumbnail(of: media.file) }

    /// A recording in the one form that phones show with a wave; as a sound file when it cannot be brought into it.
    private func voiceNote(_ media: OutgoingMedia) async throws -> AudioContent {
        var media = media
        var copy: URL?
        defer { if let copy { try? FileManager.default.removeItem(at: copy) } }
        if !media.mimeType.lowercased().hasPrefix("audio/ogg") {
            guard let converted = await transcoder?.converted(media) else {
                logger.warning("a recording goes out as a sound file: it is no Ogg/Opus, and ffmpeg could not help")
                return AudioContent(try await upload(media, as: .audio))
            }
            copy = converted.file
            media = converted
        }
        media.mimeType = "audio/ogg; codecs=opus"
        let sound = await transcoder?.samples(of: media.file)
        let wave = sound.map { AudioContent.waveform(of: $0.samples) } ?? Self.flatWave
        return AudioContent(
            try await upload(media, as: .audio), seconds: sound?.seconds, isVoiceNote: true, waveform: wave)
    }

    private static let flatWave = [UInt8](repeating: 40, count: AudioContent.waveformLength)

    /// Whether a WebP file says in its first bytes that it moves.
    private static func isAnimated(_ file: URL) -> Bool {
        guard let handle = try? FileHandle(forReadingFrom: file) else { return false }
        defer { try? handle.close() }
        guard let head = try? handle.read(upToCount: 64) else { return false }
        return head.range(of: Data("ANIM".utf8)) != nil
    }

    // MARK: - Files that came

    public func load(_ media: Media, maxBytes: Int) async throws -> Data {
        guard let stored = StoredMediaReference(encoded: media.reference) else {
            throw Refusal(.gone, reason: "media_gone")
        }
        if let size = stored.media.byteCount, size > maxBytes { throw Refusal(.tooLarge, reason: "media_too_large") }
        do {
            return Data(try await client.download(stored.media, limit: maxBytes, askingFor: stored.message))
        } catch let error as WebError {
            switch error.code {
            case .tooLarge: throw Refusal(.tooLarge, reason: "media_too_large")
            case .mediaGone: throw Refusal(.gone, reason: "media_gone")
            // Fetched again it would be the same.
            case .mediaDamaged, .mediaSwapped: throw Refusal(.damaged, reason: "media_damaged")
            default: throw Outage("media", error.description)
            }
        }
    }
}

extension Text {
    fileprivate static let tooLarge = Text(
        "web.tooLarge", en: "That file is too large for me.", he: "הקובץ הזה גדול מדי בשבילי.")
    fileprivate static let damaged = Text(
        "web.fileDamaged", en: "That file came damaged, so I left it alone. Please send it again.",
        he: "הקובץ הגיע פגום, אז לא פתחתי אותו. אפשר לשלוח אותו שוב?")
    fileprivate static let gone = Text(
        "web.fileGone", en: "That file is no longer there. Please send it again.",
        he: "הקובץ הזה כבר לא זמין. אפשר לשלוח אותו שוב?")
}
