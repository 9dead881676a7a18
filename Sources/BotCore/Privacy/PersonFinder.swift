import BotKit
import Foundation

/// Finds under which names a person stands in the tables.
struct PersonFinder: Sendable {
    let database: any Database
    let personalData: [PersonalData]
    let directory: ProviderDirectory

    /// - Parameter chat: where it was asked for: a direct chat of the member, or a group.
    func scope(_ range: WipeRange, of member: MemberID, in chat: ChatID, words: [String]) async throws -> PersonScope {
        guard range != .group else { return PersonScope(range: range, members: [], chats: [chat], words: []) }
        var members: Set<MemberID> = [member]
        for provider in directory.all where provider.account.provider == member.provider {
            members.formUnion(try await provider.names(of: member))
        }
        let names = members.sorted { $0.rawValue < $1.rawValue }
        guard range == .person else { return PersonScope(range: range, members: names, chats: [chat], words: words) }
        let chats = try await directChats(of: names).union([chat])
        return PersonScope(
            range: range, members: names, chats: chats.sorted { $0.rawValue < $1.rawValue }, words: words)
    }

    /// A direct chat bears the name of its member; one may be left of an account that is no longer there.
    private func directChats(of members: [MemberID]) async throws -> Set<ChatID> {
        var chats: Set<ChatID> = []
        for provider in directory.all {
            for member in members where member.provider == provider.account.provider {
                chats.insert(ChatID(account: provider.account, name: member.name))
            }
        }
        for data in personalData {
            guard let member = data.member, let chat = data.chat else { continue }
            let rows = try await database.rows(
                """
                SELECT DISTINCT \(name: chat) AS room FROM \(name: data.table)
                WHERE \(name: member) IN (\(list: members))
                """
            )
            for row in rows {
                let room: ChatID? = try row.optionalText("room").map { ChatID(rawValue: $0) }
                guard let room,
                    members.contains(where: { $0.provider == room.account.provider && $0.name == room.name })
                else { continue }
                chats.insert(room)
            }
        }
        return chats
    }
}
