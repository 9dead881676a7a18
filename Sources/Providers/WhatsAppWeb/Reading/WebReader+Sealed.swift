import BotKit
import Foundation
import WhatsAppWeb
import WhatsAppWire

extension WebReader {
    /// The message with what a sealed addition says in place of the addition: a reaction, an edit or a comment.
    /// - Returns: `nil` when the message that it belongs to was not among the latest that came, or it cannot be opened.
    func opened(_ addition: SealedAddition, of message: ReceivedMessage) async throws -> ReceivedMessage? {
        let target = MessageID(rawValue: addition.target.id)
        guard let entry = recent.entry(target, in: try await chat(of: message.header)),
            let content = try? MessageContent.opening(
                addition, in: message.header, to: entry.reference, bytes: entry.bytes)
        else { return nil }
        var opened = message
        opened.content = content
        return opened
    }

    /// The chat of a message, by the hidden id of the other side where it is known.
    func chat(of header: MessageHeader) async throws -> ChatID {
        guard header.chat.isPhoneNumber else { return ChatID(account: account, address: header.chat) }
        var lid = header.isFromMe ? nil : header.senderLID
        if lid == nil { lid = try await users.hiddenID(ofPhone: header.chat.user) }
        return ChatID(account: account, address: lid ?? header.chat)
    }
}
