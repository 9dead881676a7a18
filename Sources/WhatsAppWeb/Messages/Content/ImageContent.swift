import WhatsAppProto

/// A picture.
public struct ImageContent: Sendable, Hashable {
    /// The file; nil if the message does not say properly where it is.
    public var media: MediaReference?
    public var caption: String?
    /// In pixels.
    public var width: Int?
    /// In pixels.
    public var height: Int?
    /// A small JPEG.
    public var thumbnail: [UInt8]?

    public init(
        _ media: MediaReference?, caption: String? = nil, width: Int? = nil, height: Int? = nil,
        thumbnail: [UInt8]? = nil
    ) {
        self.media = media
        self.caption = caption
        self.width = width
        self.height = height
        self.thumbnail = thumbnail
    }

    init(_ message: WAImageMessage) {
        self.init(
            MediaReference(message, as: .image), caption: message.caption.ifNotEmpty, width: message.width.ifNotZero,
            height: message.height.ifNotZero, thumbnail: message.jpegThumbnail.byteArrayIfAny)
    }
}
