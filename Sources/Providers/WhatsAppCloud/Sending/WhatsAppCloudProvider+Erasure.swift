public import BotKit

extension WhatsAppCloudProvider {
    public func names(of member: MemberID) async throws -> [MemberID] { try await users.names(of: member) }

    public func forget(_ members: [MemberID], in chats: [ChatID]) async {
        await users.forget(members)
        windows.forget(chats)
    }
}
