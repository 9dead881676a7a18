import Foundation
import WhatsAppWire

extension MessageReceipt {
    /// The most messages, and the most members of a group, that one stanza is believed to tell of.
    private static let limit = 1_024

    /// What a stanza says about messages: one receipt, or one for each member of a group that it lists.
    /// - Parameters:
    ///   - own: the addresses of the own account, without devices.
    ///   - now: stands where the server gives no time.
    static func all(in stanza: Node, own: [JID], at now: Date) -> [MessageReceipt] {
        guard let from = try? stanza.jid("from"), let kind = Kind(type: stanza.text("type")) else { return [] }
        let lists = stanza.children("participants")
        if !lists.isEmpty {
            return lists.prefix(limit).flatMap { members(in: $0, of: from, kind, own, stanza.date("t") ?? now) }
        }
        guard let id = stanza.text("id") else { return [] }
        let isFromMe = own.contains(from.withoutDevice)
        // Our own devices say that they have our messages; that is no news.
        guard !isFromMe || kind != .delivered else { return [] }
        let participant = (try? stanza.jid("participant")) ?? nil
        let recipient = (try? stanza.jid("recipient")) ?? nil
        let items = stanza.child("list")?.children("item").prefix(limit).compactMap { $0.text("id") } ?? []
        return [
            MessageReceipt(
                kind: kind, messageIDs: [id] + items, chat: isFromMe ? recipient ?? from : from,
                sender: participant ?? from, isFromMe: isFromMe, at: stanza.date("t") ?? now)
        ]
    }

    /// A list of members who have one message of a group.
    private static func members(
        in list: Node, of chat: JID, _ kind: Kind, _ own: [JID], _ time: Date
    ) -> [MessageReceipt] {
        guard let id = list.text("key") else { return [] }
        return list.children("user").prefix(limit).compactMap { user -> MessageReceipt? in
            guard let sender = (try? user.jid("jid")) ?? nil, !own.contains(sender.withoutDevice) else { return nil }
            return MessageReceipt(
                kind: kind, messageIDs: [id], chat: chat, sender: sender, isFromMe: false, at: user.date("t") ?? time)
        }
    }
}

extension MessageReceipt.Kind {
    /// By the `type` of a stanza; `nil` for what says nothing about how far a message has come.
    fileprivate init?(type: String?) {
        switch type {
        case nil, "inactive": self = .delivered
        case "read", "read-self": self = .read
        case "played", "played-self": self = .played
        case "server-error": self = .failed
        default: return nil
        }
    }
}
