import Foundation
import WhatsAppWire

extension WebClient {
    /// Shows the sender, and the own other devices, that messages were read.
    /// - Parameters:
    ///   - messages: of one chat and one sender.
    ///   - isHidden: tells only the own devices, as when read receipts are switched off.
    public func markRead(_ messages: [MessageReference], isHidden: Bool = false) throws {
        try sendReceipts(of: messages, isHidden ? "read-self" : "read")
    }

    /// Shows the sender that voice notes were heard.
    public func markPlayed(_ messages: [MessageReference]) throws { try sendReceipts(of: messages, "played") }

    private func sendReceipts(of messages: [MessageReference], _ type: Node.Value) throws {
        for start in stride(from: 0, to: messages.count, by: 256) {
            let part = Array(messages[start..<min(start + 256, messages.count)])
            try send(try Node(readingOf: part, type, at: serverNow))
        }
    }
}

extension Node {
    /// - Parameter messages: at least one, of one chat and one sender.
    /// - Throws: `WebError` with `invalid`.
    init(readingOf messages: [MessageReference], _ type: Node.Value, at now: Date) throws(WebError) {
        guard let first = messages.first,
            messages.allSatisfy({ $0.chat == first.chat && $0.sender == first.sender && !$0.isFromMe })
        else { throw WebError(.invalid, "a receipt is for messages of one chat and one sender that is not us") }
        var attributes: Node.Attributes = [
            "id": .text(first.id), "type": type, "to": .jid(first.chat), "t": .number(Int64(now.timeIntervalSince1970)),
        ]
        if !first.chat.isUser { attributes["participant"] = .jid(first.sender) }
        let others = messages.dropFirst().map { Node("item", ["id": .text($0.id)]) }
        self.init("receipt", attributes, others.isEmpty ? [] : [Node("list", [:], others)])
    }
}
