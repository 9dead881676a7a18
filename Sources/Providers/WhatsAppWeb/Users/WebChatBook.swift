import BotKit
import Foundation
import Synchronization

/// Which direct chats wrote to us, and after how long their messages disappear.
final class WebChatBook: Sendable {
    /// What is known of a chat.
    struct Entry: Sendable, Hashable {
        /// After how many seconds messages disappear; `nil` if they stay.
        var timer: Int?
    }
    private struct State {
        /// What stands in the table, as far as it was read.
        var stored: [ChatID: Entry] = [:]
        /// What this process saw, stored or not.
        var seen: [ChatID: Entry] = [:]
    }
    private static let capacity = 10_000
    private let database: any Database
    private let state = Mutex(State())

    init(database: any Database) { self.database = database }

    /// Notes that the member of a direct chat wrote.
    /// - Returns: the statement to store with the message; `nil` when the table says so already.
    func note(_ chat: ChatID, of member: MemberID, timer: Int?, at time: Date) async throws -> SQL? {
        let entry = Entry(timer: timer)
        let isStored = state.withLock { state in
            if state.seen.count > Self.capacity { state = State() }
            state.seen[chat] = entry
            return state.stored[chat] == entry
        }
        if isStored { return nil }
        if try await read(chat) == entry { return nil }
        return """
            INSERT INTO web_chat (chat, member, timer, wrote_at) VALUES (\(chat), \(member), \(timer), \(time))
            ON CONFLICT (chat) DO UPDATE SET timer = excluded.timer
            """
    }

    /// What is known of a chat; `nil` when its member never wrote to us.
    func entry(of chat: ChatID) async throws -> Entry? {
        if let seen = state.withLock({ $0.seen[chat] }) { return seen }
        return try await read(chat)
    }

    private func read(_ chat: ChatID) async throws -> Entry? {
        let row = try await database.rows("SELECT timer FROM web_chat WHERE chat = \(chat)").first
        let entry = try row.map { Entry(timer: try $0.optionalInt("timer").map { Int($0) }) }
        state.withLock { $0.stored[chat] = entry }
        return entry
    }
}
