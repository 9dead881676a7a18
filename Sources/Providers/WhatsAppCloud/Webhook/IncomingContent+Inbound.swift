import BotKit
import Foundation
import WhatsAppCloud

extension IncomingMessage {
    /// The message in the bot's words; `nil` for what is a notice and no message.
    var inboundContent: InboundMessage.Content? {
        switch content {
        case .system, .requestWelcome: return nil
        case .unsupported where isTooLarge, .unknown where isTooLarge: return .fileTooLarge
        case .unsupported(let kind): return .unsupported(kind: Self.word(kind ?? type))
        case .edit(let original, let inner):
            let message = MessageID(rawValue: original.rawValue)
            return inner.words.map { .edit(of: message, text: $0) } ?? .unsupported(kind: "edit")
        default: return content.inbound ?? .unsupported(kind: Self.word(type))
        }
    }

    /// Whether it was a file above 100 MB. Source: Meta, Cloud API, Error codes, 131052 Media download error.
    private var isTooLarge: Bool { errors.contains { $0.code == 131_052 } }

    /// A kind's name as a short word: it reaches metrics and texts.
    private static func word(_ kind: String) -> String {
        let word = String(
            kind.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }.prefix(32))
        return word.isEmpty ? "unknown" : word
    }
}

extension IncomingContent {
    /// What it says in the bot's words; `nil` for kinds that the bot has no words for.
    fileprivate var inbound: InboundMessage.Content? {
        switch self {
        case .text(let text): return .text(text)
        case .image(let media): return .media(media.inbound(.image))
        case .video(let media): return .media(media.inbound(.video))
        case .document(let media): return .media(media.inbound(.document))
        case .audio(let media): return .media(media.inbound(media.isVoice ? .voice : .audio))
        case .sticker(let media): return .media(media.inbound(.sticker))
        case .location(let place):
            let name = [place.name, place.address].compactMap { $0 }.joined(separator: ", ")
            return .location(latitude: place.latitude, longitude: place.longitude, name: name.isEmpty ? nil : name)
        case .contacts(let cards): return .contacts(cards.map(\.line))
        case .buttonReply(let reply):
            guard let payload = reply.payload, !payload.isEmpty else { return reply.text.map { .text($0) } }
            return .choice(id: payload, title: reply.text ?? payload)
        case .interactive(.button(let id, let title)): return .choice(id: id, title: title ?? id)
        case .interactive(.list(let id, let title, _)): return .choice(id: id, title: title ?? id)
        case .interactive: return nil
        case .order(let order): return order.text.map { .text($0) }
        case .reaction(let reaction):
            return .reaction(to: MessageID(rawValue: reaction.messageID.rawValue), emoji: reaction.emoji)
        case .revoke(let original): return .revoke(of: MessageID(rawValue: original.rawValue))
        case .edit, .system, .unsupported, .requestWelcome, .unknown: return nil
        }
    }

    /// The text or caption.
    var words: String? {
        switch self {
        case .text(let text): text
        case .image(let media), .video(let media), .document(let media), .audio(let media), .sticker(let media):
            media.caption
        case .buttonReply(let reply): reply.text ?? reply.payload
        case .interactive(.button(let id, let title)), .interactive(.list(let id, let title, _)): title ?? id
        case .interactive(.flow(let flow)): flow.body
        case .location(let place): [place.name, place.address].compactMap { $0 }.first
        case .contacts(let cards): cards.map(\.line).joined(separator: "\n")
        case .order(let order): order.text
        case .reaction(let reaction): reaction.emoji
        case .system(let notice): notice.body
        case .edit(_, let inner): inner.words
        case .interactive, .revoke, .unsupported, .requestWelcome, .unknown: nil
        }
    }
}

extension IncomingMedia {
    fileprivate func inbound(_ kind: Media.Kind) -> Media {
        let essence = (mimeType ?? "").lowercased().prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        return Media(
            kind: kind, reference: id.rawValue, mimeType: essence.isEmpty ? "application/octet-stream" : essence,
            caption: caption, fileName: filename,
            sha256: sha256.flatMap { ContentHash($0) }.map { Data($0.bytes).base64EncodedString() })
    }
}

extension SharedContact {
    /// The card in one line: name, company, numbers, addresses.
    fileprivate var line: String {
        let name = formattedName ?? [firstName, lastName].compactMap { $0 }.joined(separator: " ")
        let numbers = phones.compactMap { $0.phone ?? $0.number.map { "+\($0.rawValue)" } }
        let parts = [name, company ?? ""] + numbers + emails.map(\.value)
        return parts.filter { !$0.isEmpty }.joined(separator: ", ").replacing("\n", with: " ")
    }
}
