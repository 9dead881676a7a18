import BotKit
import WhatsAppWire

/// How addresses of WhatsApp become names of chats, and back: the address itself is the name.
///
/// A person is called by the hidden id (LID) when it is known, which stays when the number changes; else by the number.
extension ChatID {
    init(account: AccountID, address: JID) { self.init(account: account, name: address.withoutDevice.description) }

    /// Where the chat is; `nil` for a name that this network does not give.
    var address: JID? { JID(name).flatMap { $0.isUser || $0.isGroup ? $0 : nil } }
}
