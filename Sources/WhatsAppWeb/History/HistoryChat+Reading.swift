import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension HistoryChat {
    init(_ conversation: WAConversation, chat: JID) {
        self.chat = chat
        let other = chat.isLID ? conversation.phoneNumberJid : conversation.lidJid
        alias = JID(other).flatMap { $0.isUser ? $0.withoutDevice : nil }
        name = conversation.name.ifNotEmpty ?? conversation.displayName.ifNotEmpty
        lastMessageAt = Date(
            messageSeconds: Int64(clamping: max(conversation.lastMessageTimestamp, conversation.conversationTimestamp)))
        unreadCount = Int(conversation.unreadCount)
        isArchived = conversation.archived
        isReadOnly = conversation.readOnly
        expiration = conversation.ephemeralExpiration.ifNotZero
        muteEndsAt = Date(messageSeconds: Int64(clamping: conversation.muteEndTime))
        privacyToken = conversation.privacyToken.byteArrayIfAny
        privacyTokenAt = Date(messageSeconds: Int64(clamping: conversation.privacyTokenTimestamp))
    }
}

extension ReceivedMessage {
    /// A message of the history.
    /// - Returns: nil if it says nothing to a person, or does not say who wrote it.
    init?(_ entry: WAWebMessageInfo, in chat: JID, ownAddresses: [JID]) {
        guard entry.hasMessage, !entry.key.id.isEmpty, entry.key.id.utf8.count <= MessageReference.longestID else {
            return nil
        }
        let own = ownAddresses.first { $0.server == chat.server } ?? ownAddresses.first
        let author = [entry.participant, entry.key.participant].lazy.compactMap { JID($0) }.first
        guard let sender = entry.key.fromMe ? own : chat.isUser ? chat : author, !sender.isServer else { return nil }
        let header = MessageHeader(
            id: entry.key.id, chat: chat, sender: sender, isFromMe: entry.key.fromMe,
            pushName: entry.pushName.ifNotEmpty,
            sentAt: Date(messageSeconds: Int64(clamping: entry.messageTimestamp)) ?? Date(timeIntervalSince1970: 0),
            ownAddresses: ownAddresses)
        // What was just decoded can be encoded; if not, it is no message.
        guard let bytes: [UInt8] = try? entry.message.serializedBytes() else { return nil }
        self.init(header: header, opened: OpenedMessage(entry.message), bytes: bytes)
        if secret == nil, entry.messageSecret.count == MessageSecret.byteCount {
            secret = entry.messageSecret.byteArray
        }
    }
}
