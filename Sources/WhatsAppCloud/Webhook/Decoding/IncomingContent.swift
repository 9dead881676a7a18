/// What a message says, by kind.
///
/// A kind that we do not know, and a known one whose payload lacks its core, is `unknown` and keeps its raw text.
public indirect enum IncomingContent: Sendable, Equatable {
    /// Plain text.
    case text(String)
    /// A picture.
    case image(IncomingMedia)
    /// A video.
    case video(IncomingMedia)
    /// A file of any kind.
    case document(IncomingMedia)
    /// Sound; a voice note if `isVoice`.
    case audio(IncomingMedia)
    /// A sticker; moving if `isAnimated`.
    case sticker(IncomingMedia)
    /// A place.
    case location(IncomingLocation)
    /// Shared contact cards, or the answer to a contact request.
    case contacts([SharedContact])
    /// A tap on a quick reply of a template.
    case buttonReply(TemplateButtonReply)
    /// An answer to an interactive message.
    case interactive(InteractiveReply)
    /// A cart.
    case order(IncomingOrder)
    /// An emoji on a message, or its removal.
    case reaction(IncomingReaction)
    /// A notice of the network about a user; re-key the chat when the number or the id changed.
    case system(SystemNotice)
    /// The user changed an earlier message.
    case edit(of: WhatsAppMessageID, IncomingContent)
    /// The user took an earlier message back.
    case revoke(of: WhatsAppMessageID)
    /// A kind that the API does not pass on (poll, view-once, …); the reason is in the message's `errors`.
    case unsupported(kind: String?)
    /// The user opened the chat for the first time; opens the customer service window.
    case requestWelcome
    /// A kind that is new to us, or a payload that we cannot read.
    case unknown(type: String, raw: String)
}

extension IncomingContent {
    /// Reads the part of a message, or of an edit, that its `type` names.
    init(_ message: JSON) {
        let type = message["type"]?.text ?? ""
        self = Self.read(type, message) ?? .unknown(type: type, raw: message.raw)
    }

    private static func read(_ type: String, _ message: JSON) -> IncomingContent? {
        switch type {
        case "text": message["text"]?["body"]?.string.map { .text($0) }
        case "image": IncomingMedia(message["image"]).map { .image($0) }
        case "video": IncomingMedia(message["video"]).map { .video($0) }
        case "document": IncomingMedia(message["document"]).map { .document($0) }
        case "audio": IncomingMedia(message["audio"]).map { .audio($0) }
        case "voice": IncomingMedia(message["voice"], isVoice: true).map { .audio($0) }
        case "sticker": IncomingMedia(message["sticker"]).map { .sticker($0) }
        case "location": IncomingLocation(message["location"]).map { .location($0) }
        case "contacts": SharedContact.list(message["contacts"]).map { .contacts($0) }
        case "button": TemplateButtonReply(message["button"]).map { .buttonReply($0) }
        case "interactive": .interactive(InteractiveReply(message["interactive"]))
        case "order": IncomingOrder(message["order"]).map { .order($0) }
        case "reaction": IncomingReaction(message["reaction"]).map { .reaction($0) }
        case "system": SystemNotice(message["system"], identity: message["identity"]).map { .system($0) }
        case "edit": readEdit(message["edit"])
        case "revoke": WhatsAppMessageID(message["revoke"]?["original_message_id"]).map { .revoke(of: $0) }
        case "unsupported", "unknown": .unsupported(kind: message["unsupported"]?["type"]?.text)
        case "request_welcome": .requestWelcome
        default: nil
        }
    }

    private static func readEdit(_ edit: JSON?) -> IncomingContent? {
        guard let original = WhatsAppMessageID(edit?["original_message_id"]), let message = edit?["message"] else {
            return nil
        }
        // An edit inside an edit would only be a way to make us recurse.
        guard message["type"]?.text != "edit" else { return nil }
        return .edit(of: original, IncomingContent(message))
    }
}

/// A file that a user sent; fetch it by its id, soon.
public struct IncomingMedia: Sendable, Equatable {
    /// The file's id, valid 7 days.
    public let id: MediaID
    /// What the sender's app says it is, such as `audio/ogg; codecs=opus`.
    public let mimeType: String?
    /// SHA-256 of the bytes, base64 (hexadecimal was seen too); see `ContentHash`.
    public let sha256: String?
    /// The text below it.
    public let caption: String?
    /// A document's name; hostile, never a path.
    public let filename: String?
    /// Whether the sound was recorded as a voice note.
    public let isVoice: Bool
    /// Whether a sticker moves.
    public let isAnimated: Bool
    /// Where the file can be had for minutes, with our token.
    public let url: String?

    init?(_ json: JSON?, isVoice: Bool = false) {
        guard let json, let id = MediaID(json["id"]) else { return nil }
        self.id = id
        mimeType = json["mime_type"]?.text
        sha256 = json["sha256"]?.text
        caption = json["caption"]?.text
        filename = json["filename"]?.text
        self.isVoice = isVoice || json["voice"]?.bool ?? false
        isAnimated = json["animated"]?.bool ?? false
        url = json["url"]?.text
    }
}

/// A place on the map.
public struct IncomingLocation: Sendable, Equatable {
    /// Degrees north, -90 to 90.
    public let latitude: Double
    /// Degrees east, -180 to 180.
    public let longitude: Double
    /// The place's name; absent, with the address, for the user's current position.
    public let name: String?
    /// The place's address.
    public let address: String?
    /// The place's page.
    public let url: String?

    init?(_ json: JSON?) {
        guard let json, let latitude = json["latitude"]?.number, let longitude = json["longitude"]?.number,
            (-90...90).contains(latitude), (-180...180).contains(longitude)
        else { return nil }
        self.latitude = latitude
        self.longitude = longitude
        name = json["name"]?.text
        address = json["address"]?.text
        url = json["url"]?.text
    }
}

/// An emoji that a user put on a message.
public struct IncomingReaction: Sendable, Equatable {
    /// The message that it stands on.
    public let messageID: WhatsAppMessageID
    /// The emoji; `nil` takes an earlier one away.
    public let emoji: String?

    init?(_ json: JSON?) {
        guard let json, let messageID = WhatsAppMessageID(json["message_id"]) else { return nil }
        self.messageID = messageID
        emoji = json["emoji"]?.text
    }
}
