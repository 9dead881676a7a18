import WhatsAppProto

/// A text, perhaps with the preview of a link in it.
public struct TextContent: Sendable, Hashable {
    public var text: String
    public var preview: LinkPreview?

    public init(_ text: String, preview: LinkPreview? = nil) {
        self.text = text
        self.preview = preview
    }

    init(_ message: WAExtendedTextMessage) {
        self.init(message.text, preview: LinkPreview(message))
    }
}

/// What the sender's client found behind a link. It is what they say, not what is there.
public struct LinkPreview: Sendable, Hashable {
    /// The link, as it stands in the text.
    public var link: String
    public var title: String?
    public var details: String?
    /// A small JPEG.
    public var thumbnail: [UInt8]?

    public init(link: String, title: String? = nil, details: String? = nil, thumbnail: [UInt8]? = nil) {
        self.link = link
        self.title = title
        self.details = details
        self.thumbnail = thumbnail
    }

    init?(_ message: WAExtendedTextMessage) {
        guard !message.matchedText.isEmpty else { return nil }
        self.init(
            link: message.matchedText, title: message.previewTitle.ifNotEmpty, details: message.previewText.ifNotEmpty,
            thumbnail: message.jpegThumbnail.byteArrayIfAny)
    }
}
