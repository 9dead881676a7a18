import BotKit
import WhatsAppWire

/// How addresses of WhatsApp become names of members, and back; as those of chats.
extension MemberID {
    static let webNetwork = WebAccount.provider

    init(address: JID) { self.init(provider: Self.webNetwork, name: address.withoutDevice.description) }

    /// Where the person is; `nil` for a name that this network does not give.
    var address: JID? {
        JID(String(rawValue.drop { $0 != "/" }.dropFirst())).flatMap { $0.isUser ? $0 : nil }
    }
}
