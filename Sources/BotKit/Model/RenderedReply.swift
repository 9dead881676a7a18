public import Foundation

/// A reply in its final words, as the outbox stores it and a provider sends it.
public struct RenderedReply: Sendable, Hashable, Codable {
    /// What goes out.
    public enum Content: Sendable, Hashable, Codable {
        case text(String)
        case menu(question: String, options: [Option])
        case link(text: String, label: String, url: String)
        case locationRequest(text: String)
        /// `text` is what it says where there are no templates.
        case template(name: String, languageCode: String, values: [String], text: String)
        case media(OutgoingMedia)
        case reaction(to: MessageID, emoji: String)
    }

    /// One line of a menu, in its final words.
    public struct Option: Sendable, Hashable, Codable {
        public var id: String
        public var title: String
        public init(id: String, title: String) {
            self.id = id
            self.title = title
        }
    }

    public var content: Content
    /// The message it quotes.
    public var quotes: MessageID?
    /// The language of its words, for what a network adds; `nil` when nobody said.
    public var language: Language?
    /// The row of an earlier reply to the same chat whose place a text takes if that can be edited; otherwise it is a
    /// message of its own.
    public var replaces: Int64?
    /// A word in its text that is stored no longer than until the network took it.
    public var secret: String?
    /// From when on it is of no use: then it is dropped without a word, and nobody is told when it cannot be sent.
    public var validUntil: Date?

    public init(content: Content, quotes: MessageID? = nil, language: Language? = nil, replaces: Int64? = nil) {
        self.content = content
        self.quotes = quotes
        self.language = language
        self.replaces = replaces
    }

    /// The reply as it is stored when the network took it.
    public var withoutSecret: RenderedReply {
        guard let secret, case .text(let text) = content else { return self }
        var reply = self
        reply.content = .text(text.replacing(secret, with: "***"))
        reply.secret = nil
        return reply
    }

    /// The words in the reply, for quoting it later, and in the place of buttons where there are none.
    public var text: String? {
        switch content {
        case .text(let text): text
        case .menu(let question, let options):
            ([question] + options.enumerated().map { "\($0 + 1). \($1.title)" }).joined(separator: "\n")
        case .link(let text, let label, let url): "\(text)\n\(label): \(url)"
        case .locationRequest(let text): text
        case .template(_, _, _, let text): text
        case .media(let media): media.caption
        case .reaction: nil
        }
    }
}

extension Reply {
    /// The reply in `language`, quoting `message` if it asks for that.
    public func rendered(in language: Language, by phrasebook: Phrasebook, quoting message: MessageID?)
        -> RenderedReply
    {
        func string(_ words: Words) -> String {
            switch words {
            case .text(let text): phrasebook.string(text, in: language)
            case .verbatim(let string): string
            case .lines(let texts): texts.map { phrasebook.string($0, in: language) }.joined(separator: "\n")
            case .annotated(let string, let note): string + "\n\n" + phrasebook.string(note, in: language)
            }
        }
        let content: RenderedReply.Content =
            switch self.content {
            case .words(let words): .text(string(words))
            case .menu(let menu):
                .menu(
                    question: string(menu.question),
                    options: menu.options.map { .init(id: $0.id, title: string($0.title)) })
            case .link(let words, let label, let url): .link(text: string(words), label: string(label), url: url)
            case .locationRequest(let words): .locationRequest(text: string(words))
            case .template(let template):
                .template(
                    name: template.name, languageCode: template.languageCode ?? language.rawValue,
                    values: template.values.map(string), text: string(template.words))
            case .media(let media): .media(media)
            case .reaction(let target, let emoji): .reaction(to: target, emoji: emoji)
            }
        var reply = RenderedReply(content: content, quotes: quotes ? message : nil, language: language)
        reply.secret = secret
        return reply
    }
}
