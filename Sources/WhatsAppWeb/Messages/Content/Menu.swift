import WhatsAppProto

/// A menu of a business: a text with options to choose from.
public struct Menu: Sendable, Hashable {
    /// Something to choose.
    public struct Option: Sendable, Hashable {
        public var id: String
        public var title: String
    }

    public var title: String?
    public var body: String?
    public var footer: String?
    public var options: [Option]

    /// The most options that are read.
    private static let mostOptions = 100

    init(title: String?, body: String?, footer: String?, options: [Option]) {
        self.title = title?.ifNotEmpty
        self.body = body?.ifNotEmpty
        self.footer = footer?.ifNotEmpty
        self.options = Array(options.prefix(Self.mostOptions))
    }

    init(_ message: WAButtonsMessage) {
        self.init(
            title: message.headerText, body: message.contentText, footer: message.footerText,
            options: message.buttons.map { Option(id: $0.id, title: $0.label.displayText) })
    }

    init(_ message: WAListMessage) {
        self.init(
            title: message.title, body: message.details, footer: message.footerText,
            options: message.sections.flatMap(\.rows).map { Option(id: $0.id, title: $0.title) })
    }

    init(_ message: WAInteractiveMessage) {
        let buttons =
            if case .nativeFlow(let flow)? = message.content { flow.buttons } else {
                [WAInteractiveMessage.NativeFlow.Button]()
            }
        self.init(
            title: message.header.title, body: message.body.text, footer: message.footer.text,
            options: buttons.map { Option(id: $0.name, title: $0.name) })
    }

    init(_ message: WATemplateMessage) {
        switch message.format {
        case .interactive(let interactive): self.init(interactive)
        case .hydratedFourRowTemplate(let template): self.init(template)
        case .fourRowTemplate, nil: self.init(message.hydratedTemplate)
        }
    }

    private init(_ template: WATemplateMessage.HydratedTemplate) {
        let options = template.buttons.map { button in
            switch button.button {
            case .quickReply(let reply): Option(id: reply.id, title: reply.displayText)
            case .link(let link): Option(id: link.url, title: link.displayText)
            case .call(let call): Option(id: call.phoneNumber, title: call.displayText)
            case nil: Option(id: "", title: "")
            }
        }
        self.init(
            title: template.titleText, body: template.contentText, footer: template.footerText, options: options)
    }
}
