import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

/// A message ready to be encrypted, and what the stanza around it must say of it.
struct PreparedMessage {
    let message: WAMessage
    /// The attribute `type` of the stanza: `text`, `media`, `reaction` or `poll`.
    let stanzaType: String
    /// The attribute `mediatype` of each `<enc>` of a direct message.
    let mediaType: String?
    /// The attribute `edit` of the stanza: `1` edit, `2` pin, `7` taken back by its sender, `8` by an administrator.
    let edit: String?
    /// The attribute `polltype` of a `<meta>` in the stanza.
    let pollType: String?
    /// Whether recipients show nothing when they cannot decrypt it: the attribute `decrypt-fail="hide"` of `<enc>`.
    let hidesFailure: Bool

    /// Reads what to say from the message, also from one that was made long ago.
    init(_ message: WAMessage) {
        self.message = message
        let inner = OpenedMessage(message).message
        edit = Self.edit(inner)
        mediaType = Self.mediaType(inner)
        pollType = inner.hasPollUpdate ? "vote" : Self.isPoll(inner) ? "creation" : nil
        let isReaction = inner.hasReaction || inner.hasEncReaction
        stanzaType = isReaction ? "reaction" : pollType != nil ? "poll" : mediaType != nil ? "media" : "text"
        hidesFailure = edit != nil || isReaction || inner.hasPollUpdate
    }

    /// The copy for the own other devices.
    /// - Parameter chat: the recipient as the stanza names it.
    func deviceSent(to chat: JID) -> WAMessage {
        var copy = WAMessage()
        copy.deviceSent.destinationJid = chat.description
        copy.deviceSent.message = message
        if message.hasMessageContext { copy.messageContext = message.messageContext }
        return copy
    }

    private static func isPoll(_ message: WAMessage) -> Bool {
        message.hasPollCreation || message.hasPollCreationV2 || message.hasPollCreationV3
            || message.hasPollCreationV5 || message.hasPollCreationV6
    }

    private static func edit(_ message: WAMessage) -> String? {
        if message.hasProtocolMessage, message.protocolMessage.hasKey {
            switch message.protocolMessage.kind {
            case .revoke: return message.protocolMessage.key.fromMe ? "7" : "8"
            case .messageEdit: return message.protocolMessage.hasEditedMessage ? "1" : nil
            default: return nil
            }
        }
        if message.hasReaction, message.reaction.text.isEmpty { return "7" }
        return message.hasPinInChat ? "2" : nil
    }

    private static func mediaType(_ message: WAMessage) -> String? {
        if message.hasConversation { return nil }
        if message.hasExtendedText { return message.extendedText.hasPreviewTitle ? "url" : nil }
        if message.hasImage { return "image" }
        if message.hasSticker { return "sticker" }
        if message.hasDocument { return "document" }
        if message.hasAudio { return message.audio.voiceNote ? "ptt" : "audio" }
        if message.hasVideo { return message.video.gifPlayback ? "gif" : "video" }
        if message.hasContact { return "vcard" }
        if message.hasContacts { return "contact_array" }
        return nil
    }
}
