import Foundation

/// A message that a simulated user sends, as the control API describes it.
///
/// `from` (a phone) or `user_id` (a business-scoped id) names the user; `text` alone makes a text, otherwise `type`
/// names the kind and a member of that name holds Meta's own payload. The control guide lists all members.
struct UserMessage: Sendable {
    let json: EmulatorJSON
    let number: BusinessNumber
    let user: SimulatedUser
    let kind: String

    /// - Throws: an `EmulatedError` of code 100 that says which member is wrong.
    init(_ json: EmulatorJSON, world: isolated GraphWorld) throws(EmulatedError) {
        guard json.members != nil else { throw .invalidParameter("The body must be a JSON object.") }
        self.json = json
        number = try world.number(json["phone_number_id"]?.identifier)
        user = try world.user(describedBy: json)
        kind = json["type"]?.text ?? Self.impliedKind(json)
    }

    private static func impliedKind(_ json: EmulatorJSON) -> String {
        if json["button"] != nil || json["list_row"] != nil { return "interactive" }
        for kind in [
            "reaction", "image", "video", "audio", "document", "sticker", "location", "contacts", "interactive",
        ]
        where json[kind] != nil { return kind }
        return "text"
    }

    /// The element of `messages[]`.
    /// - Parameter fillMedia: completes a media object with what the media host knows.
    func message(at time: Date, fillMedia: (EmulatorJSON, String) throws -> EmulatorJSON) throws -> EmulatorJSON {
        if let raw = json["raw"] { return raw }
        let seconds = json["timestamp"]?.whole ?? Int(time.timeIntervalSince1970)
        let id = json["id"]?.text ?? Identifiers.message(user: user.phone ?? user.scopedID, isIncoming: true)
        return .object([
            "context": context, "from": user.visiblePhone.map(EmulatorJSON.string),
            "from_user_id": .string(user.scopedID), "from_parent_user_id": user.parentID.map(EmulatorJSON.string),
            "id": .string(id), "timestamp": .string(String(seconds)), "group_id": json["group_id"],
            "referral": json["referral"], "errors": errors, kind: try payload(fillMedia), "type": .string(kind),
        ])
    }

    private var context: EmulatorJSON? {
        if let context = json["context"] { return context }
        var context = EmulatorJSON.object([])
        if let id = json["reply_to"]?.text {
            context = ["from": .string(json["reply_to_from"]?.identifier ?? number.displayNumber), "id": .string(id)]
        }
        if json["forwarded"]?.flag == true { context = context.with("forwarded", true) }
        if json["frequently_forwarded"]?.flag == true { context = context.with("frequently_forwarded", true) }
        return context == .object([]) ? nil : context
    }

    private var errors: EmulatorJSON? {
        if let errors = json["errors"] { return errors }
        return kind == "unsupported"
            ? [EmulatedError.statusEntry(code: 131051, details: "Message type is not supported")] : nil
    }

    private func payload(_ fillMedia: (EmulatorJSON, String) throws -> EmulatorJSON) throws -> EmulatorJSON? {
        switch kind {
        case "text":
            guard let text = json["text"] else {
                throw EmulatedError.invalidParameter("The parameter text is required.")
            }
            return text.text == nil ? text : ["body": text]
        case "image", "video", "audio", "document", "sticker", "voice":
            guard let media = json[kind] else {
                throw EmulatedError.invalidParameter("The parameter \(kind) is required.")
            }
            return try fillMedia(media, kind)
        case "interactive":
            if let button = json["button"] { return ["type": "button_reply", "button_reply": button] }
            if let row = json["list_row"] { return ["type": "list_reply", "list_reply": row] }
            return json["interactive"]
        case "unsupported": return json["unsupported"] ?? ["type": "unknown"]
        default: return json[kind]
        }
    }
}

extension GraphWorld {
    /// The number of this id, or the first one.
    func number(_ id: String?) throws(EmulatedError) -> BusinessNumber {
        guard let id else {
            guard let first = configuration.numbers.first else {
                throw .invalidParameter("There is no business number.")
            }
            return first
        }
        guard let number = numbers[id] else {
            throw .invalidParameter("Param phone_number_id must name a number of this emulator.")
        }
        return number
    }

    /// The user that `from`, `user_id`, `name`, `username`, `parent_user_id` and `hide_phone` describe; it is
    /// remembered.
    func user(describedBy json: EmulatorJSON) throws(EmulatedError) -> SimulatedUser {
        var user: SimulatedUser
        let phone = (json["from"] ?? json["phone"])?.identifier
        let scopedID = json["user_id"]?.text
        if let scopedID, !Identifiers.isBusinessScopedUser(scopedID) {
            throw .invalidParameter("Param user_id must look like US.13491208655302741918.")
        }
        if let phone {
            guard let digits = Identifiers.phoneDigits(phone) else {
                throw .invalidParameter("Param from must be a phone number.")
            }
            user = users.user(phone: digits)
            if let scopedID { user.scopedID = scopedID }
        } else {
            guard let scopedID else { throw .invalidParameter("The parameter from or user_id is required.") }
            user = users.user(scopedID: scopedID)
        }
        user.name = json["name"]?.text ?? user.name ?? "Dana"
        user.username = json["username"]?.text ?? user.username
        user.parentID = json["parent_user_id"]?.text ?? user.parentID
        user.hidesPhone = json["hide_phone"]?.flag ?? user.hidesPhone
        user.isOnWhatsApp = json["on_whatsapp"]?.flag ?? user.isOnWhatsApp
        users.store(user)
        return user
    }

    /// Plays a message of a user: opens the window and makes the webhook's update.
    /// - Returns: the update, `nil` when the business blocked the user, and the message's id.
    func play(_ json: EmulatorJSON) throws -> (update: WebhookUpdate?, id: String, user: SimulatedUser) {
        let input = try UserMessage(json, world: self)
        let message = try input.message(at: now) { try fill($0, kind: $1, number: input.number) }
        let id = message["id"]?.text ?? ""
        guard !accounts.isBlocked(input.user, by: input.number) else { return (nil, id, input.user) }
        let time = message["timestamp"]?.whole.map { Date(timeIntervalSince1970: Double($0)) } ?? now
        if input.kind != "system" {
            windows.open(phoneNumberID: input.number.phoneNumberID, user: input.user.scopedID, at: time)
        }
        let key = message["group_id"]?.text ?? input.user.phone ?? input.user.scopedID
        let update = WebhookUpdate(
            number: input.number, content: .message(message),
            contact: input.kind == "system" ? nil : input.user.contact,
            user: key)
        return (update, id, input.user)
    }

    /// Completes a media object: `id` of an uploaded file, or `data_base64` with `mime_type` for a new one.
    private func fill(_ object: EmulatorJSON, kind: String, number: BusinessNumber) throws -> EmulatorJSON {
        let file: StoredMedia
        if let data = object["data_base64"]?.text {
            guard let bytes = Data(base64Encoded: data) else {
                throw EmulatedError.invalidParameter("Param \(kind)['data_base64'] must be base64.")
            }
            file = store(
                Array(bytes), mimeType: object["mime_type"]?.text ?? "application/octet-stream",
                filename: object["filename"]?.text, number: number, isIncoming: true)
        } else {
            guard let id = object["id"]?.identifier, let known = mediaFile(id) else { return object }
            file = known
        }
        var filled = object.without("data_base64").with("mime_type", .string(file.mimeType))
            .with("sha256", .string(file.digestBase64)).with("id", .string(file.id))
        if kind == "document", let name = file.filename, filled["filename"] == nil {
            filled = filled.with("filename", .string(name))
        }
        if kind == "audio", filled["voice"] == nil { filled = filled.with("voice", false) }
        if kind == "sticker", filled["animated"] == nil { filled = filled.with("animated", false) }
        return filled
    }

    /// Gives a user a new number, as the system message tells it: the update has no contacts.
    func changeNumber(_ json: EmulatorJSON) throws -> WebhookUpdate {
        let number = try number(json["phone_number_id"]?.identifier)
        guard let old = json["from"]?.identifier.flatMap(Identifiers.phoneDigits),
            let new = json["to"]?.identifier.flatMap(Identifiers.phoneDigits)
        else { throw EmulatedError.invalidParameter("Params from and to must be phone numbers.") }
        let (before, after) = users.changeNumber(from: old, to: new, newID: json["user_id"]?.text)
        windows.move(from: before.scopedID, to: after.scopedID)
        let name = before.name ?? "Dana"
        let message = EmulatorJSON.object([
            "from": .string(old), "from_user_id": .string(before.scopedID),
            "id": .string(Identifiers.message(user: old, isIncoming: true)),
            "timestamp": .string(String(Int(now.timeIntervalSince1970))), "type": "system",
            "system": [
                "body": .string("User \(name) changed from \(old) to \(new)"), "wa_id": .string(new),
                "user_id": .string(after.scopedID), "type": json["type"] ?? "user_changed_number",
            ],
        ])
        return WebhookUpdate(number: number, content: .message(message), contact: nil, user: old)
    }
}
