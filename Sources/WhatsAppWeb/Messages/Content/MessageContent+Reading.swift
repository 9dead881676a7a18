import Foundation
import WhatsAppProto

extension MessageContent {
    /// What a message without envelopes says; nil if it says nothing to a person: keys, news between own devices.
    init?(_ message: WAMessage, in header: MessageHeader) {
        guard
            let content = Self.basic(message) ?? Self.reference(message, in: header) ?? Self.business(message)
                ?? Self.sealed(message, in: header)
        else {
            guard let field = UnknownField.name(in: message) else { return nil }
            self = .other(field: field)
            return
        }
        self = content
    }

    private static func basic(_ message: WAMessage) -> MessageContent? {
        if message.hasConversation { return .text(TextContent(message.conversation)) }
        if message.hasExtendedText { return .text(TextContent(message.extendedText)) }
        if message.hasImage { return .image(ImageContent(message.image)) }
        if message.hasVideo { return .video(VideoContent(message.video, isRoundNote: false)) }
        if message.hasVideoNote { return .video(VideoContent(message.videoNote, isRoundNote: true)) }
        if message.hasAudio { return .audio(AudioContent(message.audio)) }
        if message.hasDocument { return .document(DocumentContent(message.document)) }
        if message.hasSticker { return .sticker(StickerContent(message.sticker)) }
        if message.hasLocation { return Place(message.location).map { .location($0) } }
        if message.hasLiveLocation { return LivePlace(message.liveLocation).map { .liveLocation($0) } }
        if message.hasContact { return .contacts([ContactCard(message.contact)]) }
        if message.hasContacts {
            return .contacts(message.contacts.contacts.prefix(mostContacts).map { ContactCard($0) })
        }
        if message.hasAlbum {
            return .album(
                images: Int(message.album.expectedImageCount), videos: Int(message.album.expectedVideoCount))
        }
        return poll(message).map { .poll(Poll($0)) }
    }

    /// The most contacts that are read.
    private static let mostContacts = 500

    private static func poll(_ message: WAMessage) -> WAPollCreationMessage? {
        if message.hasPollCreation { return message.pollCreation }
        if message.hasPollCreationV2 { return message.pollCreationV2 }
        if message.hasPollCreationV3 { return message.pollCreationV3 }
        if message.hasPollCreationV5 { return message.pollCreationV5 }
        return message.hasPollCreationV6 ? message.pollCreationV6 : nil
    }

    private static func reference(_ message: WAMessage, in header: MessageHeader) -> MessageContent? {
        if message.hasReaction { return Reaction(message.reaction, in: header).map { .reaction($0) } }
        if message.hasProtocolMessage { return change(message.protocolMessage, in: header) }
        if message.hasPinInChat {
            let pin = message.pinInChat
            guard pin.kind != .unknown, let target = MessageReference(pin.key, in: header) else { return nil }
            return .pin(target, isPinned: pin.kind == .pinForAll)
        }
        if message.hasGroupInvite { return GroupInvite(message.groupInvite).map { .groupInvite($0) } }
        if message.hasEvent { return .event(ChatEvent(message.event)) }
        return nil
    }

    private static func change(_ change: WAProtocolMessage, in header: MessageHeader) -> MessageContent? {
        switch change.kind {
        case .revoke:
            guard let target = MessageReference(change.key, in: header) else { return nil }
            let isByAnother = !header.isSender(target.sender)
            // In a direct chat nobody deletes what the other wrote.
            guard header.isGroup || !isByAnother else { return nil }
            return .revoke(Revocation(target, isByAnother: isByAnother))
        case .messageEdit:
            guard let target = MessageReference(change.key, in: header), header.isSender(target.sender),
                change.hasEditedMessage
            else { return nil }
            let inner = OpenedMessage(change.editedMessage).message
            // An edit of an edit is nothing that anybody sends.
            guard !inner.hasProtocolMessage, let content = MessageContent(inner, in: header) else { return nil }
            return .edit(MessageEdit(target, content: content, at: Date(messageMilliseconds: change.timestampMs)))
        case .ephemeralSetting:
            return .timer(
                seconds: Int(change.ephemeralExpiration),
                setAt: Date(messageSeconds: change.ephemeralSettingTimestamp))
        default: return nil
        }
    }

    private static func business(_ message: WAMessage) -> MessageContent? {
        if message.hasButtonsResponse { return .choice(Choice(message.buttonsResponse)) }
        if message.hasListResponse { return .choice(Choice(message.listResponse)) }
        if message.hasTemplateButtonReply { return .choice(Choice(message.templateButtonReply)) }
        if message.hasInteractiveResponse { return .choice(Choice(message.interactiveResponse)) }
        if message.hasButtons { return .menu(Menu(message.buttons)) }
        if message.hasList { return .menu(Menu(message.list)) }
        if message.hasTemplate { return .menu(Menu(message.template)) }
        if message.hasInteractive { return .menu(Menu(message.interactive)) }
        if message.hasHighlyStructured { return .menu(Menu(message.highlyStructured.hydratedTemplate)) }
        return nil
    }

    private static func sealed(_ message: WAMessage, in header: MessageHeader) -> MessageContent? {
        if message.hasPollUpdate { return SealedAddition(message.pollUpdate, in: header).map { .pollVote($0) } }
        if message.hasEncReaction {
            return SealedAddition(message.encReaction, use: .reaction, in: header).map { .sealed($0) }
        }
        if message.hasEncComment {
            return SealedAddition(message.encComment, use: .comment, in: header).map { .sealed($0) }
        }
        if message.hasEncEventResponse {
            return SealedAddition(message.encEventResponse, in: header).map { .sealed($0) }
        }
        if message.hasSecretEncrypted { return SealedAddition(message.secretEncrypted, in: header).map { .sealed($0) } }
        return nil
    }
}
