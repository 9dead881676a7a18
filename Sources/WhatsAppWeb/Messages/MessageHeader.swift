public import Foundation
public import WhatsAppWire

/// What the stanza around a message says of it, before it is decrypted.
public struct MessageHeader: Sendable, Hashable {
    /// The sender chose it; it is unique only together with chat and sender.
    public var id: String
    /// The group, or the other side of a direct chat. Without device.
    public var chat: JID
    /// Who wrote it. Without device.
    public var sender: JID
    /// The device that it was written on; 0 is the phone itself.
    public var senderDevice: UInt16
    /// The sender's other address: the phone number of a LID, or the LID of a phone number.
    public var senderAlias: JID?
    /// Whether the own account wrote it, on whichever device.
    public var isFromMe: Bool
    /// The name that the sender goes by.
    public var pushName: String?
    /// When the server took it.
    public var sentAt: Date
    /// The own account, by phone number and LID. Without devices.
    public var ownAddresses: [JID]

    public init(
        id: String, chat: JID, sender: JID, senderAlias: JID? = nil, isFromMe: Bool = false, pushName: String? = nil,
        sentAt: Date, ownAddresses: [JID]
    ) {
        self.id = id
        self.chat = chat.withoutDevice
        self.sender = sender.withoutDevice
        senderDevice = sender.device
        self.senderAlias = senderAlias?.withoutDevice
        self.isFromMe = isFromMe
        self.pushName = pushName
        self.sentAt = sentAt
        self.ownAddresses = ownAddresses.map(\.withoutDevice)
    }

    /// Whether many can write in the chat.
    public var isGroup: Bool { chat.isGroup }
    /// The sender's phone number, if it is known.
    public var senderPhone: JID? { sender.isPhoneNumber ? sender : senderAlias.flatMap { $0.isPhoneNumber ? $0 : nil } }
    /// The sender's LID, if it is known.
    public var senderLID: JID? { sender.isLID ? sender : senderAlias.flatMap { $0.isLID ? $0 : nil } }
    /// The message's name in replies, reactions and the like.
    public var reference: MessageReference {
        MessageReference(id: id, chat: chat, sender: sender, isFromMe: isFromMe)
    }

    /// Whether `user` is the one who wrote the message, by either address.
    func isSender(_ user: JID) -> Bool {
        let user = user.withoutDevice
        return user == sender || user == senderAlias || (isFromMe && isOwn(user))
    }

    /// Whether `user` is the own account.
    func isOwn(_ user: JID) -> Bool { ownAddresses.contains(user.withoutDevice) }
}
