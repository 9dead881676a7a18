import Foundation
import SwiftProtobuf
import WhatsAppProto
import WhatsAppWire

extension OutgoingMessage {
    /// Writes what refers to an earlier message.
    func writeChange(into message: inout WAMessage, at now: Date, _ context: WAContextInfo?) throws(WebError) {
        switch content {
        case .reaction(let reaction):
            message.reaction.key = try Self.key(of: reaction.target)
            message.reaction.text = reaction.emoji
            message.reaction.senderTimestampMs = (reaction.at ?? now).messageMilliseconds
        case .edit(let target, let text):
            guard target.isFromMe else { throw WebError(.invalid, "message \(target.id) is not ours to edit") }
            var edit = WAProtocolMessage()
            edit.key = try Self.key(of: target)
            edit.kind = .messageEdit
            edit.editedMessage = Self.edited(text, context)
            edit.timestampMs = now.messageMilliseconds
            message.edited.message.protocolMessage = edit
        case .revoke(let target):
            message.protocolMessage.key = try Self.key(of: target)
            message.protocolMessage.kind = .revoke
        case .pollVote(let vote):
            message.pollUpdate.pollCreationKey = try Self.key(of: vote.target)
            message.pollUpdate.vote.payload = Data(vote.payload)
            message.pollUpdate.vote.iv = Data(vote.nonce)
            message.pollUpdate.senderTimestampMs = (vote.at ?? now).messageMilliseconds
        case .timer(let seconds):
            guard let seconds = UInt32(exactly: seconds) else {
                throw WebError(.invalid, "the time after which messages disappear must be 0 or more seconds")
            }
            message.protocolMessage.kind = .ephemeralSetting
            message.protocolMessage.ephemeralExpiration = seconds
            message.protocolMessage.ephemeralSettingTimestamp = now.messageSeconds
        case .pin(let target, let isPinned):
            message.pinInChat.key = try Self.key(of: target)
            message.pinInChat.kind = isPinned ? .pinForAll : .unpinForAll
            message.pinInChat.senderTimestampMs = now.messageMilliseconds
        default: throw WebError(.invalid, "this content has no form as a message")
        }
    }

    private static func key(of target: MessageReference) throws(WebError) -> WAMessageKey {
        guard !target.id.isEmpty, !target.chat.isServer else {
            throw WebError(.invalid, "the message that this refers to has no id or no chat")
        }
        return target.key
    }

    private static func edited(_ text: TextContent, _ context: WAContextInfo?) -> WAMessage {
        var message = WAMessage()
        if let context {
            message.extendedText.text = text.text
            message.extendedText.contextInfo = context
        } else {
            message.conversation = text.text
        }
        return message
    }
}
