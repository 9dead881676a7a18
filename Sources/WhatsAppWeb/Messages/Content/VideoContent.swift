import WhatsAppProto

/// A film, a GIF (which is a film that plays by itself, without sound) or a round video note.
public struct VideoContent: Sendable, Hashable {
    /// The file; nil if the message does not say properly where it is.
    public var media: MediaReference?
    public var caption: String?
    public var seconds: Int?
    /// In pixels.
    public var width: Int?
    /// In pixels.
    public var height: Int?
    public var isGIF: Bool
    public var isRoundNote: Bool
    /// A small JPEG.
    public var thumbnail: [UInt8]?

    public init(
        _ media: MediaReference?, caption: String? = nil, seconds: Int? = nil, width: Int? = nil, height: Int? = nil,
        isGIF: Bool = false, isRoundNote: Bool = false, thumbnail: [UInt8]? = nil
    ) {
        self.media = media
        self.caption = caption
        self.seconds = seconds
        self.width = width
        self.height = height
        self.isGIF = isGIF
        self.isRoundNote = isRoundNote
        self.thumbnail = thumbnail
    }

    init(_ message: WAVideoMessage, isRoundNote: Bool) {
        self.init(
            MediaReference(message, as: .video), caption: message.caption.ifNotEmpty,
            seconds: message.seconds.ifNotZero,
            width: message.width.ifNotZero, height: message.height.ifNotZero, isGIF: message.gifPlayback,
            isRoundNote: isRoundNote, thumbnail: message.jpegThumbnail.byteArrayIfAny)
    }
}
