import BotKit
import Foundation
import WhatsAppWeb
import WhatsAppWire

extension ReceivedMessage {
    /// What it says in the bot's words; `nil` for what is a notice, or a part of another message.
    ///
    /// Votes are not read here: that takes the poll.
    var inboundContent: InboundMessage.Content? {
        switch content {
        case .text(let text): return .text(withoutOwnMention(text.text))
        case .image(let image): return file(.image, caption: image.caption)
        case .video(let video): return file(.video, caption: video.caption)
        case .audio(let audio): return file(audio.isVoiceNote ? .voice : .audio)
        case .document(let document):
            return file(.document, caption: document.caption, fileName: document.fileName)
        case .sticker: return file(.sticker)
        case .location(let place):
            let name = [place.name, place.address].compactMap { $0 }.joined(separator: ", ")
            return .location(
                latitude: place.latitude, longitude: place.longitude, name: name.isEmpty ? nil : name)
        case .liveLocation(let place):
            return .location(latitude: place.latitude, longitude: place.longitude, name: place.caption)
        case .contacts(let cards): return .contacts(cards.prefix(50).map(\.line))
        case .reaction(let reaction):
            return .reaction(
                to: MessageID(rawValue: reaction.target.id), emoji: reaction.isRemoval ? nil : reaction.emoji)
        case .edit(let edit):
            return edit.content.text.map { .edit(of: MessageID(rawValue: edit.target.id), text: $0) }
                ?? .unsupported(kind: "edit")
        case .revoke(let revocation):
            // Whether the sender may delete what others wrote is not known here.
            if revocation.isByAnother { return .unsupported(kind: "admin_revoke") }
            return .revoke(of: MessageID(rawValue: revocation.target.id))
        // We send no such menus, so the id was made up by somebody; only the words count.
        case .choice(let choice): return .text(choice.title ?? choice.id)
        case .poll: return .unsupported(kind: "poll")
        case .menu: return .unsupported(kind: "menu")
        case .groupInvite: return .unsupported(kind: "group_invite")
        case .event: return .unsupported(kind: "event")
        case .other(let field): return .unsupported(kind: Self.word(field))
        case .pollVote, .sealed, .pin, .timer, .album: return nil
        }
    }

    /// A kind's name as a short word: it reaches metrics and texts.
    private static func word(_ kind: String) -> String {
        let word = kind.lowercased().map { $0 == " " ? "_" : $0 }
            .filter { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }
        return word.isEmpty ? "unknown" : String(word.prefix(32))
    }

    /// The text without `@` and our number or hidden id, which is how a mention of us is written.
    private func withoutOwnMention(_ text: String) -> String {
        guard mentionsMe else { return text }
        return text.withoutMentions(of: header.ownAddresses.map(\.user))
    }

    private func file(_ kind: Media.Kind, caption: String? = nil, fileName: String? = nil) -> InboundMessage.Content {
        guard let media = content.media else { return .unsupported(kind: "\(kind.rawValue)_without_file") }
        let essence = (media.mimeType ?? "").lowercased().prefix { $0 != ";" }.trimmingCharacters(in: .whitespaces)
        return .media(
            Media(
                kind: kind, reference: StoredMediaReference(media, of: header.reference).encoded,
                mimeType: essence.isEmpty ? kind.usualType : String(essence.prefix(100)),
                caption: caption.map(withoutOwnMention), fileName: fileName.map { String($0.prefix(240)) },
                sha256: Data(media.sha256).base64EncodedString()))
    }
}

extension Media.Kind {
    /// What such a file is when nobody says.
    fileprivate var usualType: String {
        switch self {
        case .image: "image/jpeg"
        case .video: "video/mp4"
        case .audio: "audio/mpeg"
        case .voice: "audio/ogg"
        case .document: "application/octet-stream"
        case .sticker: "image/webp"
        }
    }
}

extension ContactCard {
    /// The most that is read of a card.
    private static let longest = 16_384

    /// The card in one line: name, numbers, addresses.
    fileprivate var line: String {
        let lines = String(vcard.prefix(Self.longest)).split(whereSeparator: \.isNewline)
        let values = lines.compactMap { line -> String? in
            guard let colon = line.firstIndex(of: ":") else { return nil }
            // Such as `TEL`, `item1.TEL` or `TEL;type=CELL`.
            let property = line[..<colon].split(separator: ";").first?.split(separator: ".").last?.uppercased()
            guard property == "TEL" || property == "EMAIL" else { return nil }
            return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
        }
        return ([String(name.prefix(200))] + values.prefix(10).map { String($0.prefix(100)) })
            .filter { !$0.isEmpty }.joined(separator: ", ").replacing("\n", with: " ")
    }
}
