import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension OutgoingMessage {
    /// The longest quoted message that is carried along, in bytes.
    private static let longestQuote = 1 << 16

    /// Quote, mentions and timer for the message's content; nil if there are none.
    /// - Parameter chat: where it is sent to.
    func context(in chat: JID) -> WAContextInfo? {
        var context = WAContextInfo()
        if let quote { fill(&context, with: quote, in: chat) }
        context.mentionedJids = mentions.map(\.withoutDevice.description)
        if let expiration, expiration > 0, let seconds = UInt32(exactly: expiration) {
            context.expiration = seconds
            if let expirationSetAt { context.ephemeralSettingTimestamp = expirationSetAt.messageSeconds }
        }
        if isForwarded {
            context.isForwarded = true
            context.forwardingScore = 1
        }
        return context == WAContextInfo() ? nil : context
    }

    private func fill(_ context: inout WAContextInfo, with quote: Quote, in chat: JID) {
        context.stanzaID = quote.target.id
        context.participant = quote.target.sender.description
        if quote.target.chat != chat.withoutDevice { context.remoteJid = quote.target.chat.description }
        context.quotedMessage = Self.quotable(quote)
    }

    /// The quoted message as an answer carries it: without envelopes, without its own quote and keys.
    ///
    /// A quote must hold some message, or the recipient's phone shows none: a text if nothing better is known.
    private static func quotable(_ quote: Quote) -> WAMessage {
        let bytes = quote.bytes
        if !bytes.isEmpty, bytes.count <= longestQuote, let outer = try? WAMessage(serializedBytes: bytes) {
            let opened = OpenedMessage(outer)
            if !opened.isTooDeep { return opened.message.withoutCompanions }
        }
        var message = WAMessage()
        message.conversation = quote.content?.text ?? ""
        return message
    }
}

extension WAMessage {
    /// The message without what goes with it: keys, secret, and the quote inside.
    fileprivate var withoutCompanions: WAMessage {
        var message = self
        message.clearSenderKeyDistribution()
        message.clearFastRatchetSenderKeyDistribution()
        message.clearMessageContext()
        if message.hasExtendedText { message.extendedText.clearContextInfo() }
        if message.hasImage { message.image.clearContextInfo() }
        if message.hasVideo { message.video.clearContextInfo() }
        if message.hasAudio { message.audio.clearContextInfo() }
        if message.hasDocument { message.document.clearContextInfo() }
        if message.hasSticker { message.sticker.clearContextInfo() }
        return message
    }
}
