public import BotKit
import WhatsAppWeb

extension WhatsAppWebProvider {
    public func forget(_ members: [MemberID], in chats: [ChatID]) async throws {
        let addresses = try await users.addresses(of: members)
        await users.forget(members)
        self.chats.forget(chats)
        recent.forget(chats, by: addresses)
        try await client.forget(addresses)
        try await forgetOldReplies()
    }

    public func forgetOldReplies() async throws {
        try await client.forgetSent { try await store.reports.knows(MessageID(rawValue: $0), row: nil) }
    }
}
