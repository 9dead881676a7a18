import BotKit
import Foundation
import WhatsAppWeb

/// A reply in the richest form that linked accounts have for it.
enum WebReplyBody: Sendable, Hashable {
    case text(String)
    /// A question to tap on; the titles are those that the poll shows.
    case poll(String, [RenderedReply.Option])
    case media(OutgoingMedia)
    /// An empty emoji takes the reaction back.
    case reaction(to: MessageID, emoji: String)

    private static let longestQuestion = 255
    private static let longestTitle = 100

    init(_ reply: RenderedReply, menus: WhatsAppWebSettings.MenuStyle) {
        switch reply.content {
        case .media(let media): self = .media(media)
        case .reaction(let target, let emoji): self = .reaction(to: target, emoji: emoji)
        case .menu(let question, let options):
            let poll = menus == .polls ? Self.shown(question, options) : nil
            self = poll ?? .text(reply.text ?? question)
        case .text, .link, .locationRequest, .template: self = .text(reply.text ?? "")
        }
    }

    /// - Returns: `nil` when a poll cannot hold it.
    private static func shown(_ question: String, _ options: [RenderedReply.Option]) -> WebReplyBody? {
        guard (2...Poll.mostOptions).contains(options.count), (1...longestQuestion).contains(question.count),
            options.allSatisfy({ !$0.title.isEmpty })
        else { return nil }
        // Two options of the same words cannot be told apart in a vote.
        var used: Set<String> = []
        let shown = options.enumerated().map { index, option in
            var title = option.title.cut(to: longestTitle)
            if !used.insert(title).inserted {
                let mark = " (\(index + 1))"
                title = option.title.cut(to: longestTitle - mark.count) + mark
                used.insert(title)
            }
            return RenderedReply.Option(id: option.id, title: title)
        }
        return used.count == options.count ? .poll(question, shown) : nil
    }
}
