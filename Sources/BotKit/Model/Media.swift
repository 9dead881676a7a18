public import Foundation

/// A file that came with a message, before it is downloaded.
public struct Media: Sendable, Hashable, Codable {
    /// What the file is to the person who sent it.
    public enum Kind: String, Sendable, Codable { case image, video, audio, voice, document, sticker }

    public var kind: Kind
    /// The network's handle for the file; only its provider can read it.
    public var reference: String
    /// The media type without parameters, lower case, such as `image/jpeg`.
    public var mimeType: String
    public var caption: String?
    public var fileName: String?
    /// SHA-256 of the content in base64, when the network says it.
    public var sha256: String?

    public init(
        kind: Kind, reference: String, mimeType: String, caption: String? = nil, fileName: String? = nil,
        sha256: String? = nil
    ) {
        self.kind = kind
        self.reference = reference
        self.mimeType = mimeType
        self.caption = caption
        self.fileName = fileName
        self.sha256 = sha256
    }
}

/// A file that the bot sends.
public struct OutgoingMedia: Sendable, Hashable, Codable {
    public var kind: Media.Kind
    /// Where the bytes lie until they are sent.
    public var file: URL
    public var mimeType: String
    public var caption: String?
    public var fileName: String?

    public init(kind: Media.Kind, file: URL, mimeType: String, caption: String? = nil, fileName: String? = nil) {
        self.kind = kind
        self.file = file
        self.mimeType = mimeType
        self.caption = caption
        self.fileName = fileName
    }
}
