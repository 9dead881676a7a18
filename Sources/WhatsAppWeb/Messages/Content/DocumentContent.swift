import WhatsAppProto

/// A file of any kind.
public struct DocumentContent: Sendable, Hashable {
    /// The file; nil if the message does not say properly where it is.
    public var media: MediaReference?
    /// As the sender calls it: not to be used as a path.
    public var fileName: String?
    public var caption: String?
    public var pageCount: Int?
    /// A small JPEG of the first page.
    public var thumbnail: [UInt8]?

    public init(
        _ media: MediaReference?, fileName: String?, caption: String? = nil, pageCount: Int? = nil,
        thumbnail: [UInt8]? = nil
    ) {
        self.media = media
        self.fileName = fileName
        self.caption = caption
        self.pageCount = pageCount
        self.thumbnail = thumbnail
    }

    init(_ message: WADocumentMessage) {
        self.init(
            MediaReference(message, as: .document), fileName: message.fileName.ifNotEmpty ?? message.title.ifNotEmpty,
            caption: message.caption.ifNotEmpty, pageCount: message.pageCount.ifNotZero,
            thumbnail: message.jpegThumbnail.byteArrayIfAny)
    }
}
