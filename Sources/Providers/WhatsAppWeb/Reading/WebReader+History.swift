import BotKit
import Foundation
import WhatsAppWeb

extension WebReader {
    /// What came so shortly before the account was linked may come a second time by itself, and is then answered.
    private static let margin = 60.0

    /// Stores old messages of members. They are no reason to write to anybody, and nobody waits for an answer.
    func keep(_ messages: [ReceivedMessage], in delivery: inout WebDelivery) async throws {
        guard let linkedAt = try await accounts.account(named: account.name)?.linkedAt else { return }
        let newest = linkedAt.addingTimeInterval(-Self.margin)
        let known = messages.compactMap { message -> (ReceivedMessage, InboundMessage.Content, WebUser.Sighting)? in
            guard message.header.sentAt < newest, let sender = Self.sighting(message.header),
                let content = message.inboundContent
            else { return nil }
            return (message, content, sender)
        }
        let now = time.now
        let (people, writes) = try await users.resolve(known.map(\.2), at: now)
        delivery.writes += writes
        for ((message, content, _), user) in zip(known, people) {
            metrics.count(.history)
            let header = message.header
            delivery.history.append(
                InboundMessage(
                    id: MessageID(rawValue: header.id),
                    chat: header.isGroup ? ChatID(account: account, address: header.chat) : user.chat(of: account),
                    isGroup: header.isGroup,
                    sender: .init(id: user.member, name: user.name, phone: user.phone.flatMap { PhoneNumber($0) }),
                    sentAt: header.sentAt, receivedAt: now, content: content,
                    quotes: message.quote.map { MessageID(rawValue: $0.target.id) }))
        }
    }
}
