public import Foundation
public import WhatsAppWire
import WhatsAppProto

/// An invitation to a group that is meant for the recipient.
public struct GroupInvite: Sendable, Hashable {
    public var group: JID
    public var groupName: String?
    public var code: String
    public var expiresAt: Date?
    public var caption: String?

    init?(_ message: WAGroupInviteMessage) {
        guard let group = JID(message.groupJid), group.isGroup else { return nil }
        self.group = group
        groupName = message.groupName.ifNotEmpty
        code = message.inviteCode
        expiresAt = Date(messageSeconds: message.inviteExpiration)
        caption = message.caption.ifNotEmpty
    }
}
