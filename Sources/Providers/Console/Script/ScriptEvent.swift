import BotKit
import Foundation

/// A line that a script reads: something the bot said or did.
struct ScriptEvent: Encodable {
    struct Option: Encodable {
        let id: String
        let title: String
    }

    let chat: String
    /// `text`, `menu`, `link`, `location_request`, `template`, `media`, `reaction` or `edit`.
    let kind: String
    let id: String
    /// The words, the question, the caption, or the emoji of a reaction (empty when it is taken back).
    var text: String?
    /// The message that is quoted, reacted to or edited.
    var quote: String?
    /// The path of the file.
    var media: String?
    var mime: String?
    var menu: [Option]?
    /// What stands on the button of a link, and where it leads.
    var label: String?
    var url: String?
    /// The name of the template.
    var template: String?

    init(_ message: OutgoingMessage, as id: MessageID) {
        chat = message.chat.name
        self.id = id.rawValue
        quote = message.reply.quotes?.rawValue
        switch message.reply.content {
        case .text(let words):
            kind = message.edits == nil ? "text" : "edit"
            text = words
            quote = message.edits?.rawValue ?? quote
        case .menu(let question, let options):
            kind = "menu"
            text = question
            menu = options.map { Option(id: $0.id, title: $0.title) }
        case .link(let words, let label, let url):
            kind = "link"
            text = words
            self.label = label
            self.url = url
        case .locationRequest(let words):
            kind = "location_request"
            text = words
        case .template(let name, _, _, let words):
            kind = "template"
            text = words
            template = name
        case .media(let file):
            kind = "media"
            text = file.caption
            media = file.file.path
            mime = file.mimeType
        case .reaction(let target, let emoji):
            kind = "reaction"
            text = emoji
            quote = target.rawValue
        }
    }
}
