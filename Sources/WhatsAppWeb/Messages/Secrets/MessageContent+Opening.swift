import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension MessageContent {
    /// What a sealed addition to a message that we have says.
    /// - Parameters:
    ///   - addition: came in the message of `header`.
    ///   - original: the message that it belongs to, and `bytes` as it was decrypted.
    /// - Returns: nil when that message has no secret, for votes, and for what has no form here.
    /// - Throws: `WebError` with `malformed` or `invalid`.
    public static func opening(
        _ addition: SealedAddition, in header: MessageHeader, to original: MessageReference, bytes: [UInt8]
    ) throws(WebError) -> MessageContent? {
        guard let message = try? WAMessage(serializedBytes: bytes), let secret = OpenedMessage(message).secret else {
            return nil
        }
        let isOwn = header.isSender(original.sender)
        let authors = isOwn ? [header.sender, header.senderAlias].compactMap(\.self) : [original.sender]
        return try opening(addition, in: header, secret: secret, authors: authors)
    }

    /// What a sealed addition says.
    /// - Parameters:
    ///   - addition: came in the message of `header`.
    ///   - secret: 32 bytes, of the message that it belongs to.
    ///   - authors: the addresses of that message's author, by phone number and LID.
    /// - Returns: nil for votes, which `PollTally` takes, and for what has no form here.
    /// - Throws: `WebError` with `malformed` or `invalid`.
    static func opening(
        _ addition: SealedAddition, in header: MessageHeader, secret: [UInt8], authors: [JID]
    ) throws(WebError) -> MessageContent? {
        let plaintext = try MessageSecret(secret)
            .open(addition, authors: authors, senders: [header.sender] + (header.senderAlias.map { [$0] } ?? []))
        do {
            switch addition.use {
            case .reaction:
                let reaction = try WAReactionMessage(serializedBytes: plaintext)
                return .reaction(
                    Reaction(
                        reaction.text, to: addition.target, at: Date(messageMilliseconds: reaction.senderTimestampMs)))
            case .messageEdit: return try edit(plaintext, of: addition, in: header)
            case .comment:
                return MessageContent(OpenedMessage(try WAMessage(serializedBytes: plaintext)).message, in: header)
            case .pollVote, .eventResponse, .eventEdit, .pollEdit: return nil
            }
        } catch {
            throw WebError(.malformed, "an addition to message \(addition.target.id) holds no message")
        }
    }

    private static func edit(
        _ plaintext: [UInt8], of addition: SealedAddition, in header: MessageHeader
    ) throws -> MessageContent? {
        guard header.isSender(addition.target.sender) else { return nil }
        let inner = OpenedMessage(try WAMessage(serializedBytes: plaintext)).message
        let edited =
            inner.hasProtocolMessage ? OpenedMessage(inner.protocolMessage.editedMessage).message : inner
        guard !edited.hasProtocolMessage, let content = MessageContent(edited, in: header) else { return nil }
        return .edit(MessageEdit(addition.target, content: content, at: addition.at ?? header.sentAt))
    }
}
