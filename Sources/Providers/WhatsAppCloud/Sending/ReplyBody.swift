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
    init(_ reply: RenderedReply, isGroup: Bool) {
        switch reply.content {
        case .text(let text): self = .message(.text(text.cut(to: Self.textLimit)))
        case .media(let media): self = .media(media)
        case .reaction(let target, let emoji):
            let id = WhatsAppMessageID(rawValue: target.rawValue)
            self = .message(.reaction(to: id, emoji: emoji.isEmpty ? nil : emoji))
        case .menu(let question, let options):
            let language = reply.language ?? Language.detected(in: question) ?? .english
            let rich = Self.buttons(question, options) ?? Self.list(question, options, language)
            self = .message(Self.first(isGroup ? nil : rich, or: reply.text ?? question))
        case .link(let text, let label, let url):
            let rich = InteractiveMessage(body: text, action: .link(label: label.cut(to: 20), url: url))
            // The link is what matters: it is the text before it that is cut.
            let tail = "\n\(label.cut(to: 80)): \(url)"
            let words = text.cut(to: max(1, Self.textLimit - tail.unicodeScalars.count)) + tail
            self = .message(Self.first(isGroup ? nil : Self.valid(rich), or: words))
        case .locationRequest(let text):
            let rich = InteractiveMessage(body: text, action: .locationRequest)
            self = .message(Self.first(isGroup ? nil : Self.valid(rich), or: text))
        case .template(let name, let languageCode, let values, let text):
            let blanks = values.map { TemplateParameter.text($0) }
            let template = TemplateMessage(
                name: name, language: languageCode, components: blanks.isEmpty ? [] : [.body(blanks)])
            self = .message(
                Self.isValid(.template(template)) ? .template(template) : .text(text.cut(to: Self.textLimit)))
        }
    }

    /// Whether it may go out when the member has not written for a day.
    var isTemplate: Bool {
        if case .message(.template) = self { true } else { false }
    }

    /// Whether its options can be tapped without opening a list.
    var hasButtons: Bool {
        guard case .message(.interactive(let message)) = self, case .buttons = message.action else { return false }
        return true
    }

    private static func first(_ rich: InteractiveMessage?, or words: String) -> WhatsAppCloud.OutgoingMessage {
        rich.map { .interactive($0) } ?? .text(words.cut(to: textLimit))
    }

    /// The message with a file that was uploaded.
    static func message(_ media: OutgoingMedia, as id: MediaID) -> WhatsAppCloud.OutgoingMessage {
        let caption = media.caption.flatMap { $0.isEmpty ? nil : $0.cut(to: captionLimit) }
        return switch media.kind {
        case .image: .image(.id(id), caption: caption)
        case .video: .video(.id(id), caption: caption)
        case .document: .document(.id(id), filename: media.fileName.map { FileName.safe($0) }, caption: caption)
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

    private static func list(
        _ question: String, _ options: [RenderedReply.Option], _ language: Language
    ) -> InteractiveMessage? {
        let rows = zip(options, titles(options, limit: 24)).map { option, title in
            ListSection.Row(
                id: option.id, title: title, description: title == option.title ? nil : option.title.cut(to: 72))
        }
        let label = Phrasebook().string(.choose, in: language)
        return valid(InteractiveMessage(body: question, action: .list(button: label, [ListSection(rows: rows)])))
    }

    /// The API's own checks decide whether a form fits; what does not is shown in a plainer one.
    private static func valid(_ message: InteractiveMessage) -> InteractiveMessage? {
        isValid(.interactive(message)) ? message : nil
    }

    private static func isValid(_ message: WhatsAppCloud.OutgoingMessage) -> Bool {
        do {
            try message.validate(for: .number("15550000001"))
            return true
        } catch {
            return false
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
