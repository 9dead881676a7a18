import BotKit
import Foundation

/// How a reply looks in a conversation.
struct ReplyLayout: Sendable {
    let botName: String
    let style: TextStyle
    /// The columns of the terminal; `nil` when lines may have any length.
    let width: Int?

    /// The lines of a reply: the bot's name, then the words, indented below it.
    /// - Parameters:
    ///   - chat: the chat's name when it is not the one that the user is in.
    ///   - quoted: the start of the message that it quotes, when that is not clear.
    func text(for reply: RenderedReply, chat: String?, quoted: String?) -> String {
        let indent = String(repeating: " ", count: DisplayWidth.of(botName) + 2)
        var lines: [String] = []
        if let quoted { lines.append(style.text("↪ " + quoted, .aside)) }
        let columns = width.map { $0 - indent.count - 1 }
        lines += TextLayout.wrapped(TextLayout.printable(words(of: reply)), columns: columns)
        if let note = note(on: reply) { lines.append(style.text(TextLayout.printable(note), .aside)) }
        let name = style.text(botName + ":", .bot) + " "
        let place = chat.map { style.text("[\(TextLayout.printable($0))]", .aside) + "\n" } ?? ""
        return place + name + lines.joined(separator: "\n" + indent)
    }

    private func words(of reply: RenderedReply) -> String {
        switch reply.content {
        case .text, .menu, .link, .locationRequest, .template: reply.text ?? ""
        case .media(let media): "[\(media.kind.rawValue)] \(media.file.path)" + (media.caption.map { "\n" + $0 } ?? "")
        case .reaction(_, let emoji): emoji.isEmpty ? "(reaction taken back)" : emoji
        }
    }

    private func note(on reply: RenderedReply) -> String? {
        switch reply.content {
        case .menu: "type the number or the words of your choice"
        case .locationRequest: "type where you are"
        case .template(let name, let languageCode, _, _): "template \(name), \(languageCode)"
        case .text, .link, .media, .reaction: nil
        }
    }
}
