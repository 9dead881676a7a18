/// The rules of each kind of message (Meta, Cloud API, Messages guides), without those of `interactive` and `template`.
enum MessageRules {
    /// The kinds that `/messages` takes.
    static let kinds = [
        "text", "image", "video", "document", "audio", "sticker", "location", "contacts", "reaction", "interactive",
        "template", "pin",
    ]

    /// Checks the payload of `message` and notes the media and the template that it uses.
    static func check(_ message: inout OutgoingMessage) throws(EmulatedError) {
        if message.kind == "contacts" { return try checkContacts(message.payload) }
        let rules = try FieldRules(message.payload, path: message.kind)
        switch message.kind {
        case "text": try checkText(rules)
        case "image", "video", "document", "audio", "sticker": try checkMedia(rules, kind: message.kind, &message)
        case "location": try checkLocation(rules)
        case "reaction": try checkReaction(rules)
        case "interactive": try InteractiveRules.check(rules, &message)
        case "template": message.template = try TemplateRules.check(rules, &message)
        case "pin": try checkPin(rules)
        default: return
        }
    }

    private static func checkText(_ rules: FieldRules) throws(EmulatedError) {
        try rules.allowOnly("body", "preview_url")
        guard let body = rules.json["body"] else { throw .missing("Parameter 'text['body']' is mandatory") }
        guard let text = body.text, !text.isEmpty else {
            throw .invalidParameter("Param text['body'] must be a non-empty string.")
        }
        guard text.unicodeScalars.count <= 4096 else {
            throw .invalidParameter("Param text['body'] must be at most 4096 characters long.")
        }
        try rules.optionalFlag("preview_url")
    }

    /// Checks a media object: exactly one of `id` and `link`, and what its kind may carry besides.
    static func checkMedia(_ rules: FieldRules, kind: String, _ message: inout OutgoingMessage) throws(EmulatedError) {
        switch kind {
        case "audio": try rules.allowOnly("id", "link", "voice", "provider")
        case "sticker": try rules.allowOnly("id", "link", "provider")
        case "document": try rules.allowOnly("id", "link", "caption", "filename", "provider")
        default: try rules.allowOnly("id", "link", "caption", "provider")
        }
        guard (rules.json["id"] == nil) != (rules.json["link"] == nil) else {
            throw .invalidParameter("Param \(rules.path) must have exactly one of 'id' and 'link'.")
        }
        if rules.json["link"] != nil { try rules.address("link") }
        if let id = rules.json["id"] {
            guard let id = id.identifier else { throw .invalidParameter("Param \(rules.path)['id'] must be a string.") }
            message.media.append(OutgoingMessage.MediaUse(id: id, kind: kind))
        }
        try rules.optionalText("caption", 0...1024)
        try rules.optionalText("filename", 1...240)
        try rules.optionalFlag("voice")
    }

    private static func checkLocation(_ rules: FieldRules) throws(EmulatedError) {
        try rules.allowOnly("latitude", "longitude", "name", "address")
        try rules.number("latitude", -90...90)
        try rules.number("longitude", -180...180)
        try rules.optionalText("name", 0...1000)
        try rules.optionalText("address", 0...1000)
    }

    private static func checkReaction(_ rules: FieldRules) throws(EmulatedError) {
        try rules.allowOnly("message_id", "emoji")
        let id = try rules.text("message_id", 1...256)
        guard id.hasPrefix("wamid.") else {
            throw .invalidValue("Parameter 'reaction['message_id']' is not a message id")
        }
        guard let emoji = rules.json["emoji"]?.text else {
            throw .missing("Parameter 'reaction['emoji']' is mandatory")
        }
        guard emoji.count <= 1,
            emoji.unicodeScalars.allSatisfy({ !$0.isASCII || "0"..."9" ~= $0 || $0 == "#" || $0 == "*" })
        else { throw .invalidValue("Parameter 'reaction['emoji']' must be one emoji or empty") }
    }

    private static func checkPin(_ rules: FieldRules) throws(EmulatedError) {
        try rules.allowOnly("type", "message_id", "expiration_days")
        let type = try rules.choice("type", ["pin", "unpin"])
        try rules.text("message_id", 1...256)
        if type == "pin" { try rules.number("expiration_days", 1...30) }
    }

    private static func checkContacts(_ payload: EmulatorJSON) throws(EmulatedError) {
        guard let items = payload.items, (1...257).contains(items.count) else {
            throw .invalidParameter("Param contacts must be a non-empty array.")
        }
        for (index, item) in items.enumerated() {
            let contact = try FieldRules(item, path: "contacts[\(index)]")
            let name = try contact.object("name")
            try name.text("formatted_name", 1...1000)
            let parts = ["first_name", "last_name", "middle_name", "suffix", "prefix"]
            guard parts.contains(where: { name.json[$0] != nil }) else {
                throw .invalidValue("\(name.path) needs formatted_name and at least one other part")
            }
        }
    }
}
