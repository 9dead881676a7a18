import WhatsAppProto

/// A sticker: a WebP picture, perhaps moving.
public struct StickerContent: Sendable, Hashable {
    /// The file; nil if the message does not say properly where it is.
    public var media: MediaReference?
    /// In pixels.
    public var width: Int?
    /// In pixels.
    public var height: Int?
    public var isAnimated: Bool
    /// The emojis that it stands for.
    public var emojis: String?

    public init(
        _ media: MediaReference?, width: Int? = nil, height: Int? = nil, isAnimated: Bool = false,
        emojis: String? = nil
    ) {
        self.media = media
        self.width = width
        self.height = height
        self.isAnimated = isAnimated
        self.emojis = emojis
    }

    init(_ message: WAStickerMessage) {
        self.init(
            MediaReference(message, as: .image), width: message.width.ifNotZero, height: message.height.ifNotZero,
            isAnimated: message.isAnimated || message.isLottie, emojis: message.emojis.ifNotEmpty)
    }
}
