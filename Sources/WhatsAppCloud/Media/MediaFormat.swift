import Foundation

/// A kind of file that the API takes, with the largest size (Meta, Cloud API, Supported media types).
public enum MediaKind: String, Sendable, CaseIterable {
    /// Sound and voice notes, 16 MB.
    case audio
    /// A picture, 5 MB.
    case image
    /// A video, 16 MB.
    case video
    /// Any other file, 100 MB.
    case document
    /// A sticker, 100 KB, or 500 KB if it moves.
    case sticker

    /// The largest file, in bytes.
    public var maximumBytes: Int {
        switch self {
        case .audio, .video: 16 << 20
        case .image: 5 << 20
        case .document: 100 << 20
        case .sticker: 500 << 10
        }
    }
}

/// One file format that the API takes; Meta judges a file by its name, its declared type and its bytes.
public struct MediaFormat: Sendable, Equatable {
    /// What is written into the upload, such as `audio/ogg; codecs=opus`.
    public let mimeType: String
    /// The kind of message that it goes into.
    public let kind: MediaKind
    /// The endings that fit, the usual one first.
    public let extensions: [String]

    /// The largest sticker that does not move, in bytes.
    public static let stillStickerBytes = 100 << 10

    /// The format of a declared type; `nil` if the API refuses it (as it does `audio/opus`).
    public init?(mimeType: String) {
        let essence = mimeType.lowercased().prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        guard let format = Self.all.first(where: { $0.essence == essence }) else { return nil }
        self = format
    }

    private init(_ kind: MediaKind, _ mimeType: String, _ extensions: String...) {
        self.kind = kind
        self.mimeType = mimeType
        self.extensions = extensions
    }

    private var essence: String { String(mimeType.prefix { $0 != ";" }) }

    private static let office = "application/vnd.openxmlformats-officedocument"

    /// Every format.
    public static let all: [MediaFormat] = [
        MediaFormat(.audio, "audio/ogg; codecs=opus", "ogg", "oga"),
        MediaFormat(.audio, "audio/mpeg", "mp3"),
        MediaFormat(.audio, "audio/mp4", "m4a", "mp4"),
        MediaFormat(.audio, "audio/aac", "aac"),
        MediaFormat(.audio, "audio/amr", "amr"),
        MediaFormat(.image, "image/jpeg", "jpg", "jpeg"),
        MediaFormat(.image, "image/png", "png"),
        MediaFormat(.sticker, "image/webp", "webp"),
        MediaFormat(.video, "video/mp4", "mp4"),
        MediaFormat(.video, "video/3gpp", "3gp", "3gpp"),
        MediaFormat(.document, "application/pdf", "pdf"),
        MediaFormat(.document, "text/plain", "txt"),
        MediaFormat(.document, "application/msword", "doc"),
        MediaFormat(.document, "application/vnd.ms-excel", "xls"),
        MediaFormat(.document, "application/vnd.ms-powerpoint", "ppt"),
        MediaFormat(.document, "\(office).wordprocessingml.document", "docx"),
        MediaFormat(.document, "\(office).spreadsheetml.sheet", "xlsx"),
        MediaFormat(.document, "\(office).presentationml.presentation", "pptx"),
    ]

    /// Whether the first bytes of a file are those of this format; formats without a mark fit everything.
    public func fits(_ start: [UInt8]) -> Bool {
        let text = String(decoding: start.prefix(16), as: Unicode.ASCII.self)
        let isBox = start.count >= 12 && start[4..<8].elementsEqual("ftyp".utf8)
        return switch mimeType {
        case "audio/ogg; codecs=opus": text.hasPrefix("OggS")
        case "audio/mpeg": text.hasPrefix("ID3") || Self.isFrame(start)
        case "audio/aac": Self.isFrame(start)
        case "audio/mp4", "video/mp4", "video/3gpp": isBox
        case "audio/amr": text.hasPrefix("#!AMR")
        case "image/jpeg": start.starts(with: [0xFF, 0xD8, 0xFF])
        case "image/png": start.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A])
        case "image/webp": text.hasPrefix("RIFF") && start.dropFirst(8).starts(with: "WEBP".utf8)
        case "application/pdf": text.hasPrefix("%PDF-")
        default: true
        }
    }

    /// Whether the first bytes of a WebP file say that it moves (its extended header's animation flag).
    static func isAnimated(_ start: [UInt8]) -> Bool {
        start.count > 20 && start[12..<16].elementsEqual("VP8X".utf8) && start[20] & 0x02 != 0
    }

    /// MPEG audio and ADTS begin a frame with eleven ones.
    private static func isFrame(_ start: [UInt8]) -> Bool {
        start.count > 1 && start[0] == 0xFF && start[1] & 0xE0 == 0xE0
    }
}
