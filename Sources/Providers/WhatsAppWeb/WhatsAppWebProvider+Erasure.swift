public import BotKit

extension WhatsAppWebProvider {
    public func forget(_ members: [MemberID], in chats: [ChatID]) async {
        await users.forget(members)
        self.chats.forget(chats)
        recent.forget(chats)
    }
}
