/// What kind of file something is: it decides the keys and the place on the media servers.
public enum MediaKind: String, Sendable, Hashable, Codable, CaseIterable {
    /// Pictures and stickers.
    case image
    /// Films and GIFs.
    case video
    /// Sound files and voice notes.
    case audio
    case document
    /// A chunk of the phone's history.
    case history
    /// A snapshot or long patch of the app state.
    case appState
    /// The picture of a link's preview.
    case linkThumbnail
    case stickerPack

    /// What the keys of such a file are derived with.
    var keyInfo: String {
        switch self {
        case .image: "WhatsApp Image Keys"
        case .video: "WhatsApp Video Keys"
        case .audio: "WhatsApp Audio Keys"
        case .document: "WhatsApp Document Keys"
        case .history: "WhatsApp History Keys"
        case .appState: "WhatsApp App State Keys"
        case .linkThumbnail: "WhatsApp Link Thumbnail Keys"
        case .stickerPack: "WhatsApp Sticker Pack Keys"
        }
    }

    /// The name of the kind in addresses on the media servers.
    var pathName: String {
        switch self {
        case .image: "image"
        case .video: "video"
        case .audio: "audio"
        case .document: "document"
        case .history: "md-msg-hist"
        case .appState: "md-app-state"
        case .linkThumbnail: "thumbnail-link"
        case .stickerPack: "sticker-pack"
        }
    }
}
