/// A message that we send, of one of the kinds that the API knows; it cannot be edited or deleted later.
public enum OutgoingMessage: Sendable, Equatable {
    /// Text of 1 to 4096 characters.
    case text(String, previewsLinks: Bool = false)
    /// A picture, JPEG or PNG; caption of at most 1024 characters.
    case image(MediaSource, caption: String? = nil)
    /// A video, MP4 or 3GPP.
    case video(MediaSource, caption: String? = nil)
    /// A file, shown under its name.
    case document(MediaSource, filename: String? = nil, caption: String? = nil)
    /// Sound. A voice note must be mono Ogg/Opus, and shows its play button only up to 512 KB.
    case audio(MediaSource, isVoice: Bool = false)
    /// A sticker, WebP of 512 by 512 pixels.
    case sticker(MediaSource)
    /// A place.
    case location(OutgoingLocation)
    /// Contact cards.
    case contacts([ContactCard])
    /// An emoji on a message of the last 30 days; `nil` takes it away. Cannot itself be a reply.
    case reaction(to: WhatsAppMessageID, emoji: String?)
    /// Buttons, a list, a form, …
    case interactive(InteractiveMessage)
    /// An approved template: the only kind outside the customer service window.
    case template(TemplateMessage)
    /// Pins a message in a group for 1 to 30 days.
    case pin(WhatsAppMessageID, days: Int)
    /// Takes the pin away.
    case unpin(WhatsAppMessageID)

    /// Checks every limit of the API for this message and recipient.
    public func validate(for recipient: Recipient) throws(LimitViolation) {
        _ = try frame(to: recipient)
    }

    /// The whole body of the request.
    func frame(
        to recipient: Recipient, callbackData: String? = nil, replyTo: WhatsAppMessageID? = nil,
        identityKeyHash: String? = nil
    ) throws(LimitViolation) -> GraphBody {
        try Limit.optional("biz_opaque_callback_data", callbackData, 512)
        try Limit.optional("context.message_id", replyTo?.rawValue, 1024)
        let (type, payload) = try payload()
        switch self {
        case .reaction where replyTo != nil:
            throw LimitViolation("context", "absent: a reaction cannot be a reply", actual: "a message id")
        case .interactive where recipient.isGroup:
            throw LimitViolation("type", "a kind that groups take", actual: "interactive")
        case .pin where !recipient.isGroup, .unpin where !recipient.isGroup:
            throw LimitViolation("recipient_type", "group for a pin", actual: "individual")
        default: break
        }
        return GraphBody.members(("messaging_product", "whatsapp"))
            .merging(try recipient.members())
            .adding(
                ("type", .string(type)), (type, payload),
                ("context", replyTo.map { .members(("message_id", .string($0.rawValue))) }),
                ("biz_opaque_callback_data", .text(callbackData)),
                ("recipient_identity_key_hash", .text(identityKeyHash)))
    }

    private func payload() throws(LimitViolation) -> (type: String, body: GraphBody) {
        switch self {
        case .text(let text, let previewsLinks):
            try Limit.text("text.body", text, 1...4096)
            return ("text", .members(("body", .string(text)), ("preview_url", .bool(previewsLinks))))
        case .image(let source, let caption):
            return ("image", try source.body("image", caption: caption))
        case .video(let source, let caption):
            return ("video", try source.body("video", caption: caption))
        case .document(let source, let filename, let caption):
            return ("document", try source.body("document", caption: caption, filename: filename))
        case .audio(let source, let isVoice):
            return ("audio", try source.body("audio").adding(("voice", isVoice ? .bool(true) : nil)))
        case .sticker(let source):
            return ("sticker", try source.body("sticker"))
        case .location(let location):
            return ("location", try location.body("location"))
        case .contacts(let cards):
            return ("contacts", try ContactCard.body(cards))
        case .reaction(let message, let emoji):
            try Limit.text("reaction.message_id", message.rawValue, 1...1024)
            try Limit.optional("reaction.emoji", emoji, 32)
            return ("reaction", .members(("message_id", .string(message.rawValue)), ("emoji", .string(emoji ?? ""))))
        case .interactive(let message):
            return ("interactive", try message.payload())
        case .template(let template):
            return ("template", try template.payload())
        case .pin(let message, let days):
            try Limit.count("pin.expiration_days", days, 1...30)
            let id = GraphBody.string(message.rawValue)
            return ("pin", .members(("type", "pin"), ("message_id", id), ("expiration_days", .integer(days))))
        case .unpin(let message):
            return ("pin", .members(("type", "unpin"), ("message_id", .string(message.rawValue))))
        }
    }
}

extension GraphBody {
    fileprivate func merging(_ other: GraphBody) -> GraphBody {
        guard case .object(let own) = self, case .object(let more) = other else { return self }
        return .object(own + more)
    }
}

/// Where a file that we send comes from.
public enum MediaSource: Sendable, Hashable {
    /// A file that was uploaded before.
    case id(MediaID)
    /// A public link; Meta keeps what it finds there for 10 minutes.
    case link(String)

    func body(_ field: String, caption: String? = nil, filename: String? = nil) throws(LimitViolation) -> GraphBody {
        try Limit.optional("\(field).caption", caption, 1024)
        try Limit.optional("\(field).filename", filename, 240)
        let place: GraphBody
        switch self {
        case .id(let id):
            try Limit.text("\(field).id", id.rawValue, 1...256)
            place = .members(("id", .string(id.rawValue)))
        case .link(let link):
            try Limit.link("\(field).link", link)
            place = .members(("link", .string(link)))
        }
        return place.adding(("caption", .text(caption)), ("filename", .text(filename)))
    }
}

/// A place that we send.
public struct OutgoingLocation: Sendable, Equatable {
    /// Degrees north, -90 to 90.
    public var latitude: Double
    /// Degrees east, -180 to 180.
    public var longitude: Double
    /// The place's name.
    public var name: String?
    /// The place's address.
    public var address: String?

    /// Makes a place.
    public init(latitude: Double, longitude: Double, name: String? = nil, address: String? = nil) {
        self.latitude = latitude
        self.longitude = longitude
        self.name = name
        self.address = address
    }

    func body(_ field: String) throws(LimitViolation) -> GraphBody {
        guard (-90...90).contains(latitude) else {
            throw LimitViolation("\(field).latitude", "-90...90", actual: "\(latitude)")
        }
        guard (-180...180).contains(longitude) else {
            throw LimitViolation("\(field).longitude", "-180...180", actual: "\(longitude)")
        }
        try Limit.optional("\(field).name", name, 1000)
        try Limit.optional("\(field).address", address, 1000)
        return .members(
            ("latitude", .number(latitude)), ("longitude", .number(longitude)), ("name", .text(name)),
            ("address", .text(address)))
    }
}
