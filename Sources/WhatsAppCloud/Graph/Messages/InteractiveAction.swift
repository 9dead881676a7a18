/// What can be tapped in an interactive message.
public enum InteractiveAction: Sendable, Equatable {
    /// 1 to 3 buttons, with different titles.
    case buttons([ReplyButton])
    /// 1 to 10 sections, with at most 10 rows in all, behind a button of 1 to 20 characters.
    case list(button: String, [ListSection])
    /// One button that opens a link; label of 1 to 20 characters.
    case link(label: String, url: String)
    /// A button that sends the user's position.
    case locationRequest
    /// A button that opens a form.
    case flow(FlowAction)
    /// 2 to 10 cards to leaf through.
    case carousel([CarouselCard])
    /// A button that shares the user's phone number; the answer is a contact card.
    case contactRequest
    /// A button that calls us; label of 1 to 20 characters.
    case voiceCall(label: String?, minutes: Int? = nil)
    /// Asks whether we may call.
    case callPermissionRequest
    /// Asks for a postal address (`IN` and `SG` only).
    case address(country: String)
    /// A button that opens our catalogue.
    case catalog(thumbnailProductID: String?)
    /// One product; its text may be empty.
    case product(catalogID: String, productID: String)
    /// 1 to 10 sections with at most 30 products in all; needs a text header.
    case productList(catalogID: String, [ProductSection])
}

/// One of up to three buttons below a message.
public struct ReplyButton: Sendable, Equatable {
    /// What comes back, 1 to 256 characters.
    public var id: String
    /// What stands on it, 1 to 20 characters.
    public var title: String

    /// Makes a button.
    public init(id: String, title: String) {
        self.id = id
        self.title = title
    }
}

/// A part of a list.
public struct ListSection: Sendable, Equatable {
    /// One choice.
    public struct Row: Sendable, Equatable {
        /// What comes back, 1 to 200 characters, different in every row.
        public var id: String
        /// What the user chooses, 1 to 24 characters.
        public var title: String
        /// What it means, at most 72 characters.
        public var description: String?

        /// Makes a choice.
        public init(id: String, title: String, description: String? = nil) {
            self.id = id
            self.title = title
            self.description = description
        }
    }

    /// At most 24 characters; needed if there are several sections.
    public var title: String?
    /// The choices.
    public var rows: [Row]

    /// Makes a section.
    public init(title: String? = nil, rows: [Row]) {
        self.title = title
        self.rows = rows
    }
}

/// A part of a list of products.
public struct ProductSection: Sendable, Equatable {
    /// 1 to 24 characters.
    public var title: String
    /// The seller's own ids.
    public var productIDs: [String]

    /// Makes a section.
    public init(title: String, productIDs: [String]) {
        self.title = title
        self.productIDs = productIDs
    }
}

/// A button that opens a form (WhatsApp Flow).
public struct FlowAction: Sendable, Equatable {
    /// How the form is named.
    public enum Form: Sendable, Equatable {
        /// By its id.
        case id(String)
        /// By its name.
        case name(String)
    }

    /// Which form.
    public var form: Form
    /// What stands on the button, 1 to 20 characters.
    public var label: String
    /// What comes back with the answers.
    public var token: String
    /// The screen to open; without one our data endpoint decides.
    public var screen: String?
    /// What the screen shows first: the text of a JSON object.
    public var data: String?
    /// Whether the form is still a draft.
    public var isDraft = false

    /// Makes a button.
    public init(form: Form, label: String, token: String, screen: String? = nil, data: String? = nil) {
        self.form = form
        self.label = label
        self.token = token
        self.screen = screen
        self.data = data
    }
}

/// One card of a carousel.
public struct CarouselCard: Sendable, Equatable {
    /// What can be tapped on a card; the same kind on all of them.
    public enum Action: Sendable, Equatable {
        /// Opens a link; label of 1 to 20 characters.
        case link(label: String, url: String)
        /// 1 to 3 buttons.
        case buttons([ReplyButton])
    }

    /// A picture or a video.
    public var header: InteractiveMessage.Header
    /// At most 160 characters and two line breaks.
    public var body: String?
    /// What can be tapped.
    public var action: Action

    /// Makes a card.
    public init(header: InteractiveMessage.Header, body: String? = nil, action: Action) {
        self.header = header
        self.body = body
        self.action = action
    }
}
