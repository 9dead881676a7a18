/// A message that the user answers by tapping.
public struct InteractiveMessage: Sendable, Equatable {
    /// What stands above the text.
    public enum Header: Sendable, Equatable {
        /// 1 to 60 characters.
        case text(String)
        /// A picture.
        case image(MediaSource)
        /// A video.
        case video(MediaSource)
        /// A file.
        case document(MediaSource, filename: String? = nil)
    }

    /// What stands above the text; lists take only text, some kinds none.
    public var header: Header?
    /// The text, 1 to 1024 characters; of a list 4096.
    public var body: String
    /// The small print, at most 60 characters; some kinds take none.
    public var footer: String?
    /// What can be tapped.
    public var action: InteractiveAction

    /// Makes a message.
    public init(header: Header? = nil, body: String, footer: String? = nil, action: InteractiveAction) {
        self.header = header
        self.body = body
        self.footer = footer
        self.action = action
    }

    func payload() throws(LimitViolation) -> GraphBody {
        let rules = action.rules
        if header != nil, !rules.hasHeader { throw Self.forbidden("header", in: rules.type) }
        if footer != nil, !rules.hasFooter { throw Self.forbidden("footer", in: rules.type) }
        if rules.headerIsText, let header, !header.isText {
            throw LimitViolation("interactive.header", "text in a \(rules.type)", actual: "a file")
        }
        if rules.needsHeader, header == nil {
            throw LimitViolation("interactive.header", "present in a \(rules.type)", actual: "absent")
        }
        if !(rules.bodyIsOptional && body.isEmpty) { try Limit.text("interactive.body", body, 1...rules.bodyLimit) }
        try Limit.optional("interactive.footer", footer, 60)
        return .members(
            ("type", .string(rules.type)), ("header", try header?.payload("interactive.header")),
            ("body", body.isEmpty ? nil : .members(("text", .string(body)))),
            ("footer", footer.map { .members(("text", .string($0))) }), ("action", try action.payload()))
    }

    private static func forbidden(_ part: String, in type: String) -> LimitViolation {
        LimitViolation("interactive.\(part)", "absent in a \(type)", actual: "present")
    }
}

extension InteractiveMessage.Header {
    fileprivate var isText: Bool {
        if case .text = self { true } else { false }
    }

    func payload(_ field: String) throws(LimitViolation) -> GraphBody {
        switch self {
        case .text(let text):
            try Limit.text("\(field).text", text, 1...60)
            return .members(("type", "text"), ("text", .string(text)))
        case .image(let source):
            return .members(("type", "image"), ("image", try source.body("\(field).image")))
        case .video(let source):
            return .members(("type", "video"), ("video", try source.body("\(field).video")))
        case .document(let source, let filename):
            let body = try source.body("\(field).document", filename: filename)
            return .members(("type", "document"), ("document", body))
        }
    }
}
