import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension ReceivedMessage {
    /// The most mentions that are read.
    static let mostMentions = 1_024

    /// The message that was decrypted, without its padding.
    /// - Returns: nil if it says nothing to a person: keys, news between own devices.
    /// - Throws: `WebError` with `malformed` if it is no message.
    init?(header: MessageHeader, bytes: [UInt8]) throws(WebError) {
        let outer: WAMessage
        do { outer = try WAMessage(serializedBytes: bytes) } catch {
            throw WebError(.malformed, "message \(header.id): what was decrypted is no message")
        }
        self.init(header: header, opened: OpenedMessage(outer), bytes: bytes)
    }

    /// The message whose envelopes were opened.
    init?(header: MessageHeader, opened: OpenedMessage, bytes: [UInt8]) {
        guard
            let content = opened.isTooDeep ? .other(field: "envelopes") : MessageContent(opened.message, in: header)
        else { return nil }
        let context = opened.message.contextOfContent ?? WAContextInfo()
        self.init(
            header: header, content: content, quote: Quote(context, in: header),
            mentions: context.mentionedJids.prefix(Self.mostMentions).compactMap { JID($0)?.withoutDevice },
            expiration: context.expiration.ifNotZero, chatTimer: Self.timer(in: content, context),
            isViewOnce: opened.isViewOnce || opened.message.isMarkedViewOnce,
            isForwarded: context.isForwarded, secret: opened.secret, bytes: bytes)
    }
}

extension ReceivedMessage {
    /// What a message shows of its chat's timer.
    private static func timer(in content: MessageContent, _ context: WAContextInfo) -> Int? {
        switch content {
        case .timer(let seconds, _): seconds
        case .edit, .revoke, .reaction, .pollVote, .sealed, .pin: nil
        default: context == WAContextInfo() ? nil : Int(context.expiration)
        }
    }
}

extension WAMessage {
    /// Quote, mentions and timer of the message, which stand in its content.
    var contextOfContent: WAContextInfo? {
        if hasExtendedText { return extendedText.contextInfo }
        if hasConversation { return nil }
        if hasImage { return image.contextInfo }
        if hasVideo { return video.contextInfo }
        if hasVideoNote { return videoNote.contextInfo }
        if hasAudio { return audio.contextInfo }
        if hasDocument { return document.contextInfo }
        if hasSticker { return sticker.contextInfo }
        if hasLocation { return location.contextInfo }
        if hasLiveLocation { return liveLocation.contextInfo }
        if hasContact { return contact.contextInfo }
        if hasContacts { return contacts.contextInfo }
        if hasPollCreation { return pollCreation.contextInfo }
        if hasPollCreationV2 { return pollCreationV2.contextInfo }
        if hasPollCreationV3 { return pollCreationV3.contextInfo }
        if hasPollCreationV5 { return pollCreationV5.contextInfo }
        if hasPollCreationV6 { return pollCreationV6.contextInfo }
        if hasProtocolMessage, protocolMessage.hasEditedMessage { return editedContext }
        return businessContext
    }

    private var businessContext: WAContextInfo? {
        if hasButtonsResponse { return buttonsResponse.contextInfo }
        if hasListResponse { return listResponse.contextInfo }
        if hasTemplateButtonReply { return templateButtonReply.contextInfo }
        if hasInteractiveResponse { return interactiveResponse.contextInfo }
        if hasButtons { return buttons.contextInfo }
        if hasList { return list.contextInfo }
        if hasTemplate { return template.contextInfo }
        if hasInteractive { return interactive.contextInfo }
        if hasGroupInvite { return groupInvite.contextInfo }
        if hasEvent { return event.contextInfo }
        if hasAlbum { return album.contextInfo }
        if hasProduct { return product.contextInfo }
        if hasOrder { return order.contextInfo }
        if hasStickerPack { return stickerPack.contextInfo }
        return nil
    }

    /// The context of the new content of an edit; an edit in an edit has none.
    private var editedContext: WAContextInfo? {
        let inner = OpenedMessage(protocolMessage.editedMessage).message
        return inner.hasProtocolMessage ? nil : inner.contextOfContent
    }

    /// Whether the content itself says that it may be looked at once only.
    var isMarkedViewOnce: Bool {
        (hasImage && image.viewOnce) || (hasVideo && video.viewOnce) || (hasAudio && audio.viewOnce)
            || (hasExtendedText && extendedText.viewOnce)
    }
}
