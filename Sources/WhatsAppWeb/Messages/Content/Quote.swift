import WhatsAppWire
import SwiftProtobuf
import WhatsAppProto

/// The message that another one answers, as the answer's sender shows it: they may have changed it.
public struct Quote: Sendable, Hashable {
    public var target: MessageReference
    /// What the quoted message said; nil if the answer does not hold it.
    public var content: MessageContent?
    /// The quoted message, a protobuf `Message`; it is what an answer carries.
    public var bytes: [UInt8]

    /// A quote of a message that came, or that was sent.
    /// - Parameter bytes: the quoted message, a protobuf `Message`; empty if it is not known.
    public init(_ target: MessageReference, content: MessageContent? = nil, bytes: [UInt8] = []) {
        self.target = target
        self.content = content
        self.bytes = bytes
    }

    /// A quote of a message that came.
    public init(_ message: ReceivedMessage) {
        self.init(message.header.reference, content: message.content, bytes: message.bytes)
    }

    /// The quote of a message, if it has one.
    init?(_ context: WAContextInfo, in header: MessageHeader) {
        guard context.hasStanzaID, !context.stanzaID.isEmpty,
            context.stanzaID.utf8.count <= MessageReference.longestID,
            let author = JID(context.participant), !author.isServer
        else { return nil }
        // A status or a message of a group can be answered in a direct chat: then its chat is named.
        let elsewhere = context.hasRemoteJid ? JID(context.remoteJid) : nil
        let chat = elsewhere.flatMap { $0.isGroup || $0.isBroadcast ? $0 : nil } ?? header.chat
        target = MessageReference(
            id: context.stanzaID, chat: chat, sender: author, isFromMe: header.isOwn(author))
        guard context.hasQuotedMessage else {
            bytes = []
            return
        }
        var quotedHeader = header
        quotedHeader.sender = author.withoutDevice
        quotedHeader.senderAlias = nil
        quotedHeader.isFromMe = target.isFromMe
        let opened = OpenedMessage(context.quotedMessage)
        content = MessageContent(opened.message, in: quotedHeader)
        // What was just decoded can be encoded; if not, the quote is worth no failure.
        bytes = (try? context.quotedMessage.serializedBytes()) ?? []
    }
}
