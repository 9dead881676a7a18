/// An approved template with its blanks filled.
public struct TemplateMessage: Sendable, Equatable {
    /// A part of a template that has blanks.
    public enum Component: Sendable, Equatable {
        /// One blank above the text: a text of at most 60 characters, a file or a place.
        case header(TemplateParameter)
        /// The blanks of the text, in order or by name.
        case body([TemplateParameter])
        /// The blank of button `index` (0...9).
        case button(index: Int, kind: ButtonKind, TemplateParameter)
    }

    /// A kind of button.
    public enum ButtonKind: String, Sendable {
        /// Comes back as a `button` message with the payload.
        case quickReply = "quick_reply"
        /// Opens a link whose end is the blank.
        case url
        /// Copies a code.
        case copyCode = "copy_code"
        /// Opens a form.
        case flow
        /// Opens the catalogue.
        case catalog
        /// Opens a list of products.
        case products = "mpm"
        /// Calls us.
        case voiceCall = "voice_call"
    }

    /// 1 to 512 lower-case letters, digits and underscores.
    public var name: String
    /// Such as `en_US` or `he`.
    public var language: String
    /// The parts with blanks.
    public var components: [Component]

    /// Makes a message of a template.
    public init(name: String, language: String, components: [Component] = []) {
        self.name = name
        self.language = language
        self.components = components
    }

    func payload() throws(LimitViolation) -> GraphBody {
        try Limit.text("template.name", name, 1...512)
        let isPlain = name.utf8.allSatisfy { byte in
            (0x61...0x7A).contains(byte) || (0x30...0x39).contains(byte) || byte == 0x5F
        }
        guard isPlain else {
            throw LimitViolation("template.name", "lower-case letters, digits and _", actual: "something else")
        }
        try Limit.text("template.language.code", language, 2...15)
        var bodies: [GraphBody] = []
        for (index, component) in components.enumerated() {
            bodies.append(try component.payload("template.components[\(index)]"))
        }
        return .members(
            ("name", .string(name)), ("language", .members(("code", .string(language)))),
            ("components", bodies.isEmpty ? nil : .array(bodies)))
    }
}

extension TemplateMessage.Component {
    fileprivate func payload(_ field: String) throws(LimitViolation) -> GraphBody {
        switch self {
        case .header(let parameter):
            let parameters = [try parameter.payload("\(field).parameters[0]", textLimit: 60)]
            return .members(("type", "header"), ("parameters", .array(parameters)))
        case .body(let parameters):
            var bodies: [GraphBody] = []
            for (index, parameter) in parameters.enumerated() {
                bodies.append(try parameter.payload("\(field).parameters[\(index)]", textLimit: 1024))
            }
            return .members(("type", "body"), ("parameters", .array(bodies)))
        case .button(let index, let kind, let parameter):
            try Limit.count("\(field).index", index, 0...9)
            let limit = kind == .copyCode ? 20 : 2000
            let parameters = [try parameter.payload("\(field).parameters[0]", textLimit: limit)]
            return .members(
                ("type", "button"), ("sub_type", .string(kind.rawValue)), ("index", .string(String(index))),
                ("parameters", .array(parameters)))
        }
    }
}

/// What fills one blank of a template.
public enum TemplateParameter: Sendable, Equatable {
    /// Text; `name` for templates with named blanks.
    case text(String, name: String? = nil)
    /// An amount of money, `amount` in thousandths; `fallback` is shown where it cannot be formatted.
    case currency(code: String, amount: Int, fallback: String)
    /// A date and time, as text.
    case dateTime(String)
    /// A picture.
    case image(MediaSource)
    /// A video.
    case video(MediaSource)
    /// A file.
    case document(MediaSource, filename: String? = nil)
    /// A place.
    case location(OutgoingLocation)
    /// What a quick reply sends back, at most 256 characters.
    case payload(String)
    /// A code to copy, at most 20 characters.
    case couponCode(String)
    /// The text of a JSON object, such as `{"flow_token":"…"}`.
    case action(String)

    fileprivate func payload(_ field: String, textLimit: Int) throws(LimitViolation) -> GraphBody {
        switch self {
        case .text(let text, let name):
            try Limit.text("\(field).text", text, 1...textLimit)
            return .members(("type", "text"), ("parameter_name", .text(name)), ("text", .string(text)))
        case .currency(let code, let amount, let fallback):
            try Limit.text("\(field).currency.code", code, 3...3)
            let currency = GraphBody.members(
                ("fallback_value", .string(fallback)), ("code", .string(code)), ("amount_1000", .integer(amount)))
            return .members(("type", "currency"), ("currency", currency))
        case .dateTime(let fallback):
            try Limit.text("\(field).date_time.fallback_value", fallback, 1...textLimit)
            return .members(("type", "date_time"), ("date_time", .members(("fallback_value", .string(fallback)))))
        case .image(let source): return .members(("type", "image"), ("image", try source.body("\(field).image")))
        case .video(let source): return .members(("type", "video"), ("video", try source.body("\(field).video")))
        case .document(let source, let filename):
            let document = try source.body("\(field).document", filename: filename)
            return .members(("type", "document"), ("document", document))
        case .location(let location):
            return .members(("type", "location"), ("location", try location.body("\(field).location")))
        case .payload(let payload):
            try Limit.text("\(field).payload", payload, 1...256)
            return .members(("type", "payload"), ("payload", .string(payload)))
        case .couponCode(let code):
            try Limit.text("\(field).coupon_code", code, 1...20)
            return .members(("type", "coupon_code"), ("coupon_code", .string(code)))
        case .action(let json):
            guard let value = try? JSON(parsing: Array(json.utf8)), value.isObject else {
                throw LimitViolation("\(field).action", "a JSON object", actual: "something else")
            }
            return .members(("type", "action"), ("action", .raw(json)))
        }
    }
}
