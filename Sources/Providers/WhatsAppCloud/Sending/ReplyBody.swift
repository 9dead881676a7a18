import BotKit
import Foundation
import WhatsAppCloud

/// A reply as the API takes it: cut to its limits, in the richest form that the chat shows.
enum ReplyBody: Sendable {
    /// It can go out as it is.
    case message(WhatsAppCloud.OutgoingMessage)
    /// Its file has to be uploaded first.
    case media(OutgoingMedia)

    private static let textLimit = 4096
    private static let captionLimit = 1024

    /// - Parameter isGroup: groups take no buttons and lists.
    init(_ content: RenderedReply.Content, isGroup: Bool) {
        switch content {
        case .text(let text): self = .message(.text(text.cut(to: Self.textLimit)))
        case .media(let media): self = .media(media)
        case .reaction(let target, let emoji):
            let id = WhatsAppMessageID(rawValue: target.rawValue)
            self = .message(.reaction(to: id, emoji: emoji.isEmpty ? nil : emoji))
        case .menu(let question, let options):
            let rich = isGroup ? nil : Self.buttons(question, options) ?? Self.list(question, options)
            let words = RenderedReply(content: content).text ?? question
            self = .message(rich.map { .interactive($0) } ?? .text(words.cut(to: Self.textLimit)))
        }
    }

    /// The message with a file that was uploaded.
    static func message(_ media: OutgoingMedia, as id: MediaID) -> WhatsAppCloud.OutgoingMessage {
        let caption = media.caption.flatMap { $0.isEmpty ? nil : $0.cut(to: captionLimit) }
        return switch media.kind {
        case .image: .image(.id(id), caption: caption)
        case .video: .video(.id(id), caption: caption)
        case .document: .document(.id(id), filename: media.fileName?.cut(to: 240), caption: caption)
        case .audio: .audio(.id(id))
        case .voice: .audio(.id(id), isVoice: true)
        case .sticker: .sticker(.id(id))
        }
    }

    private static func buttons(_ question: String, _ options: [RenderedReply.Option]) -> InteractiveMessage? {
        let titles = titles(options, limit: 20)
        let buttons = zip(options, titles).map { ReplyButton(id: $0.id, title: $1) }
        return valid(InteractiveMessage(body: question, action: .buttons(buttons)))
    }

    private static func list(_ question: String, _ options: [RenderedReply.Option]) -> InteractiveMessage? {
        let rows = zip(options, titles(options, limit: 24)).map { option, title in
            ListSection.Row(
                id: option.id, title: title, description: title == option.title ? nil : option.title.cut(to: 72))
        }
        let language = Language.detected(in: question) ?? .english
        let label = Phrasebook().string(.choose, in: language)
        return valid(InteractiveMessage(body: question, action: .list(button: label, [ListSection(rows: rows)])))
    }

    /// The API's own checks decide whether a form fits; what does not is shown in a plainer one.
    private static func valid(_ message: InteractiveMessage) -> InteractiveMessage? {
        do {
            try WhatsAppCloud.OutgoingMessage.interactive(message).validate(for: .number("15550000001"))
            return message
        } catch {
            return nil
        }
    }

    /// The titles, cut, and told apart by a number where the cut made them equal.
    private static func titles(_ options: [RenderedReply.Option], limit: Int) -> [String] {
        var used: Set<String> = []
        return options.enumerated().map { index, option in
            var title = option.title.cut(to: limit)
            if !used.insert(title).inserted {
                let mark = " \(index + 1)"
                title = option.title.cut(to: limit - mark.count) + mark
                used.insert(title)
            }
            return title
        }
    }
}

extension Text {
    fileprivate static let choose = Text("cloud.choose", en: "Choose", he: "בחירה")
}

extension String {
    /// The text with at most `limit` scalars, ended by an ellipsis where it was cut; characters stay whole.
    func cut(to limit: Int) -> String {
        guard utf8.count > limit, unicodeScalars.count > limit else { return self }
        var result = ""
        var room = limit - 1
        for character in self {
            room -= character.unicodeScalars.count
            guard room >= 0 else { break }
            result.append(character)
        }
        return result + "…"
    }
}
