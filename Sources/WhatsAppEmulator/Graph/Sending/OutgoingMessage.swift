/// A call of `/messages` whose body passed every check that needs no account.
struct OutgoingMessage: Sendable {
    /// Whom it is for.
    enum Recipient: Sendable, Hashable {
        /// A phone number: as it was written, and its digits.
        case phone(input: String, digits: String)
        /// A business-scoped user id in `recipient`.
        case user(String)
        /// A business-scoped user id in `to`: accepted and never delivered, as Meta does.
        case misplacedUser(String)
        /// A group's id.
        case group(String)
    }

    /// A media id that the body refers to, with the place it stands in.
    struct MediaUse: Sendable {
        let id: String
        let kind: String
    }

    /// The template of a template message.
    struct TemplateUse: Sendable {
        let name: String
        let language: String
        let bodyParameters: Int
    }

    let recipient: Recipient
    /// The value of `type`; `text` when it is absent.
    let kind: String
    /// The object named like `kind`.
    let payload: EmulatorJSON
    let callbackData: String?
    let contextID: String?
    var media: [MediaUse] = []
    var template: TemplateUse?

    /// The id of the message that a reaction or a pin is about.
    var targetID: String? { payload["message_id"]?.text }
}

/// What the body of a `/messages` call asks for.
enum MessagesCall: Sendable {
    case message(OutgoingMessage)
    /// Marks `messageID` as read, and shows typing when asked.
    case read(messageID: String, showsTyping: Bool)
}

extension MessagesCall {
    /// Reads and checks the body of a `/messages` call.
    ///
    /// Sources: Meta, Cloud API reference, Messages; the limits of each kind from the guides of the kinds.
    init(_ body: EmulatorJSON) throws(EmulatedError) {
        guard body.members != nil else { throw .invalidParameter("The body must be a JSON object.") }
        guard let product = body["messaging_product"] else {
            throw .invalidParameter("The parameter messaging_product is required.")
        }
        guard product.text == "whatsapp" else {
            throw .invalidParameter("Param messaging_product must be one of {WHATSAPP}.")
        }
        if body["status"] != nil {
            self = try Self.receipt(body)
            return
        }
        self = .message(try OutgoingMessage(body))
    }

    private static func receipt(_ body: EmulatorJSON) throws(EmulatedError) -> MessagesCall {
        guard body["status"]?.text == "read" else { throw .invalidParameter("Param status must be one of {READ}.") }
        guard let id = body["message_id"]?.text else {
            throw .invalidParameter("The parameter message_id is required.")
        }
        guard id.hasPrefix("wamid.") else { throw .invalidValue("Parameter 'message_id' is not a message id") }
        let typing = body["typing_indicator"]
        if let typing, typing["type"]?.text != "text" {
            throw .invalidParameter("Param typing_indicator['type'] must be one of {TEXT}.")
        }
        return .read(messageID: id, showsTyping: typing != nil)
    }
}

extension OutgoingMessage {
    init(_ body: EmulatorJSON) throws(EmulatedError) {
        recipient = try Self.recipient(of: body)
        kind = body["type"]?.text ?? "text"
        guard MessageRules.kinds.contains(kind) else {
            let known = MessageRules.kinds.map { $0.uppercased() }.joined(separator: ", ")
            throw .invalidParameter("Param type must be one of {\(known)}.")
        }
        guard let payload = body[kind] else {
            throw .missing("Parameter '\(kind)' is mandatory for type '\(kind)'")
        }
        self.payload = payload
        callbackData = try Self.callbackData(of: body)
        contextID = try Self.contextID(of: body)
        if kind == "reaction", contextID != nil { throw .invalidParameter("A reaction cannot have a context.") }
        if case .group = recipient, kind == "interactive" {
            throw EmulatedError(code: 131051, details: "Interactive messages cannot be sent to groups")
        }
        try MessageRules.check(&self)
    }

    private static func recipient(of body: EmulatorJSON) throws(EmulatedError) -> Recipient {
        let type = body["recipient_type"]?.text ?? "individual"
        guard ["individual", "group"].contains(type) else {
            throw .invalidParameter("Param recipient_type must be one of {INDIVIDUAL, GROUP}.")
        }
        if let to = body["to"]?.identifier, !to.isEmpty {
            if type == "group" { return .group(to) }
            if Identifiers.isBusinessScopedUser(to) { return .misplacedUser(to) }
            guard let digits = Identifiers.phoneDigits(to) else {
                throw .invalidParameter("Param to must be a phone number.")
            }
            return .phone(input: to, digits: digits)
        }
        guard let user = body["recipient"]?.text else { throw .invalidParameter("The parameter to is required.") }
        guard Identifiers.isBusinessScopedUser(user) else {
            throw .invalidParameter("Param recipient must be a business-scoped user ID.")
        }
        return .user(user)
    }

    private static func callbackData(of body: EmulatorJSON) throws(EmulatedError) -> String? {
        guard let value = body["biz_opaque_callback_data"] else { return nil }
        guard let text = value.text, text.unicodeScalars.count <= 512 else {
            throw .invalidParameter("Param biz_opaque_callback_data must be at most 512 characters long.")
        }
        return text
    }

    private static func contextID(of body: EmulatorJSON) throws(EmulatedError) -> String? {
        guard let context = body["context"] else { return nil }
        guard let id = context["message_id"]?.text, id.hasPrefix("wamid.") else {
            throw .invalidParameter("Param context['message_id'] is not a valid message id.")
        }
        return id
    }
}
