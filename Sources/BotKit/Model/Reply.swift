/// Something the bot says or does in a chat, before it has a language and a network.
public struct Reply: Sendable, Hashable {
    /// Words for a member: a sentence of ours, or text that is already in its language.
    public enum Words: Sendable, Hashable {
        case text(Text)
        case verbatim(String)
        /// Sentences of ours, a line each.
        case lines([Text])
        /// Text that is already in its language, and below it a sentence of ours.
        case annotated(String, note: Text)
    }

    /// What is said or done.
    public enum Content: Sendable, Hashable {
        case words(Words)
        case menu(Menu)
        /// Words above one button that opens a web page.
        case link(Words, label: Words, url: String)
        /// Words above a button that sends the member's position.
        case locationRequest(Words)
        case template(Template)
        case media(OutgoingMedia)
        /// An empty emoji takes the reaction back.
        case reaction(to: MessageID, emoji: String)
    }

    public var content: Content
    /// Whether it quotes the message that it answers.
    public var quotes: Bool
    /// A word in it that is stored no longer than until the network took it.
    public var secret: String?

    public init(_ content: Content, quotes: Bool = true) {
        self.content = content
        self.quotes = quotes
    }

    /// A sentence of ours, in the member's language.
    /// - Parameter secret: a word in it that is stored no longer than until the network took it.
    public static func text(_ text: Text, secret: String? = nil) -> Reply {
        var reply = Reply(.words(.text(text)))
        reply.secret = secret
        return reply
    }
    /// Text that is already in its language, such as a model's answer.
    public static func verbatim(_ text: String) -> Reply { Reply(.words(.verbatim(text))) }
    /// Text that is already in its language, and below it a sentence of ours in the member's language.
    public static func verbatim(_ text: String, note: Text) -> Reply { Reply(.words(.annotated(text, note: note))) }
    /// Sentences of ours, a line each, in the member's language.
    public static func lines(_ texts: [Text]) -> Reply { Reply(.words(.lines(texts))) }
    /// A question with options.
    public static func menu(_ menu: Menu) -> Reply { Reply(.menu(menu)) }
    /// Words above one button, of 20 characters at most, that opens a web page.
    public static func link(_ words: Words, label: Words, to url: String) -> Reply {
        Reply(.link(words, label: label, url: url))
    }
    /// Words above a button that sends the member's position; it comes back as a message.
    public static func locationRequest(_ words: Words) -> Reply { Reply(.locationRequest(words)) }
    /// A message that was approved beforehand.
    public static func template(_ template: Template) -> Reply { Reply(.template(template)) }
    /// A file.
    public static func media(_ media: OutgoingMedia) -> Reply { Reply(.media(media)) }
    /// A reaction to `message`; an empty `emoji` takes it back.
    public static func reaction(_ emoji: String, to message: MessageID) -> Reply {
        Reply(.reaction(to: message, emoji: emoji), quotes: false)
    }
}

/// A question with up to ten options; a network shows it as buttons, a list, or numbered text.
public struct Menu: Sendable, Hashable {
    /// One thing to choose.
    public struct Option: Sendable, Hashable {
        /// What comes back when it is chosen; a command here runs as if it had been typed.
        public var id: String
        public var title: Reply.Words
        public init(id: String, title: Reply.Words) {
            self.id = id
            self.title = title
        }
    }

    public var question: Reply.Words
    public var options: [Option]

    public init(question: Reply.Words, options: [Option]) {
        self.question = question
        self.options = options
    }
}

/// A message that the network approved beforehand, so that it may go out when nothing else may.
public struct Template: Sendable, Hashable {
    /// Its name at the network.
    public var name: String
    /// The code that it was approved for, such as `en_US`; `nil` is the member's language.
    public var languageCode: String?
    /// What fills its blanks, in their order.
    public var values: [Reply.Words]
    /// What it says with its blanks filled: for quoting it, and where there are no templates.
    public var words: Reply.Words

    public init(name: String, languageCode: String? = nil, values: [Reply.Words] = [], words: Reply.Words) {
        self.name = name
        self.languageCode = languageCode
        self.values = values
        self.words = words
    }
}

/// What a responder gives back: replies, work for later, and what else must become true in the same transaction.
public struct Answer: Sendable, ExpressibleByArrayLiteral {
    public var replies: [Reply]
    public var jobs: [any Job]
    /// Statements that take effect exactly when the message counts as answered.
    public var writes: [SQL]
    /// What the member answers for; it is recorded in the transaction of the writes, or neither happens.
    public var audit: [AuditEntry]
    /// The dialogue as it stands after this turn; `nil` closes an open one.
    public var dialogue: Dialogue?

    public init(
        _ replies: [Reply] = [], jobs: [any Job] = [], writes: [SQL] = [], audit: [AuditEntry] = [],
        dialogue: Dialogue? = nil
    ) {
        self.replies = replies
        self.jobs = jobs
        self.writes = writes
        self.audit = audit
        self.dialogue = dialogue
    }

    public init(arrayLiteral replies: Reply...) { self.init(replies) }

    /// Says and does what `other` does as well, after it. The dialogue stays.
    public mutating func add(_ other: Answer) {
        replies += other.replies
        jobs += other.jobs
        writes += other.writes
        audit += other.audit
    }
}
