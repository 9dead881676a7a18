import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension OutgoingMessage {
    /// The message as it is encrypted, and what the stanza around it must say.
    /// - Parameters:
    ///   - chat: where it is sent to.
    ///   - secret: 32 random bytes; used if the message is one that others add to, such as a poll.
    /// - Throws: `WebError` with `invalid`: no file behind a picture, too few options and the like.
    func prepared(for chat: JID, at now: Date, secret: [UInt8]) throws(WebError) -> PreparedMessage {
        var message = WAMessage()
        let context = context(in: chat)
        switch content {
        case .text(let text): Self.write(text, context, into: &message)
        case .image(let image): message.image = try Self.image(image, context)
        case .video(let video): message.video = try Self.video(video, context)
        case .audio(let audio): message.audio = try Self.audio(audio, context)
        case .document(let document): try Self.write(document, context, into: &message)
        case .sticker(let sticker): message.sticker = try Self.sticker(sticker, context)
        case .location(let place): message.location = try Self.location(place, context)
        case .contacts(let cards): try Self.write(cards, context, into: &message)
        case .poll(let poll): try Self.write(poll, context, secret, into: &message)
        default: try writeChange(into: &message, at: now, context)
        }
        return PreparedMessage(message)
    }

    private static func write(_ text: TextContent, _ context: WAContextInfo?, into message: inout WAMessage) {
        guard context != nil || text.preview != nil else {
            message.conversation = text.text
            return
        }
        var extended = WAExtendedTextMessage()
        extended.text = text.text
        if let preview = text.preview {
            extended.matchedText = preview.link
            if let title = preview.title { extended.previewTitle = title }
            if let details = preview.details { extended.previewText = details }
            if let thumbnail = preview.thumbnail { extended.jpegThumbnail = Data(thumbnail) }
        }
        if let context { extended.contextInfo = context }
        message.extendedText = extended
    }

    private static func location(_ place: Place, _ context: WAContextInfo?) throws(WebError) -> WALocationMessage {
        guard Place.isOnEarth(place.latitude, place.longitude) else {
            throw WebError(.invalid, "a place must have a latitude of -90...90 and a longitude of -180...180 degrees")
        }
        var message = WALocationMessage()
        message.latitude = place.latitude
        message.longitude = place.longitude
        if let name = place.name { message.name = name }
        if let address = place.address { message.address = address }
        if let link = place.link { message.url = link }
        if let context { message.contextInfo = context }
        return message
    }

    private static func write(
        _ cards: [ContactCard], _ context: WAContextInfo?, into message: inout WAMessage
    ) throws(WebError) {
        let contacts = cards.map { card in
            var contact = WAContactMessage()
            contact.displayName = card.name
            contact.vcard = card.vcard
            return contact
        }
        guard var first = contacts.first else { throw WebError(.invalid, "there are no contacts to send") }
        if contacts.count == 1 {
            if let context { first.contextInfo = context }
            message.contact = first
        } else {
            message.contacts.displayName = "\(contacts.count) contacts"
            message.contacts.contacts = contacts
            if let context { message.contacts.contextInfo = context }
        }
    }

    private static func write(
        _ poll: Poll, _ context: WAContextInfo?, _ secret: [UInt8], into message: inout WAMessage
    ) throws(WebError) {
        guard (2...Poll.mostOptions).contains(poll.options.count), Set(poll.options).count == poll.options.count,
            !poll.question.isEmpty, !poll.options.contains("")
        else {
            throw WebError(.invalid, "a poll needs a question and 2 to \(Poll.mostOptions) different options")
        }
        guard secret.count == MessageSecret.byteCount else {
            throw WebError(.invalid, "a poll needs a secret of \(MessageSecret.byteCount) bytes")
        }
        let most = min(max(poll.maximumChoices ?? 0, 0), poll.options.count)
        var creation = WAPollCreationMessage()
        creation.name = poll.question
        creation.options = poll.options.map { option in
            var message = WAPollCreationMessage.Option()
            message.name = option
            return message
        }
        creation.selectableOptionsCount = UInt32(most)
        if let end = poll.endsAt { creation.endTime = end.messageSeconds }
        if let context { creation.contextInfo = context }
        // A poll with one choice has a version of its own.
        if most == 1 { message.pollCreationV3 = creation } else { message.pollCreation = creation }
        message.messageContext.messageSecret = Data(secret)
    }
}
