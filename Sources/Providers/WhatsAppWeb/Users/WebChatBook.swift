import BotKit
import Foundation
import Synchronization

/// Which direct chats wrote to us, and after how long their messages disappear.
final class WebChatBook: Sendable {
    /// What is known of a chat.
    struct Entry: Sendable, Hashable {
        /// After how many seconds messages disappear; `nil` if they stay.
        var timer: Int?

        init(timer: Int?) { self.timer = timer }
        /// - Parameter timerSeconds: 0 when messages stay.
        init(timerSeconds: Int) { timer = timerSeconds > 0 ? timerSeconds : nil }
    }
    private struct State {
        /// What stands in the table, as far as it was read.
        var stored: [ChatID: Entry] = [:]
        /// What was handed out as a statement that may not have been run yet; it may also have failed.
        var pending: [ChatID: Entry] = [:]
        /// What this process saw, stored or not.
        var seen: [ChatID: Entry] = [:]
    }
    private static let capacity = 10_000
    private let database: any Database
    private let state = Mutex(State())

    init(database: any Database) { self.database = database }

    /// Notes that the member of a direct chat wrote.
    /// - Parameter news: what the message shows of the chat; `nil` when it shows nothing.
    /// - Returns: the statement to store with the message; `nil` when the table says so already.
    func note(_ chat: ChatID, of member: MemberID, news: Entry?, at time: Date) async throws -> SQL? {
        var entry = news
        if entry == nil { entry = try await self.entry(of: chat) }
        let noted = entry ?? Entry(timer: nil)
        guard try await isNews(noted, of: chat) else { return nil }
        return """
            INSERT INTO web_chat (chat, member, timer, wrote_at)
            VALUES (\(chat), \(member), \(noted.timer), \(time))
            ON CONFLICT (chat) DO UPDATE SET timer = excluded.timer
            """
    }

    /// Notes that somebody set the timer of a direct chat.
    /// - Parameter seconds: 0 for none.
    /// - Returns: the statement to store; `nil` when the table says so already, or the member never wrote to us.
    func note(timer seconds: Int, of chat: ChatID) async throws -> SQL? {
        let entry = Entry(timerSeconds: seconds)
        guard try await self.entry(of: chat) != nil, try await isNews(entry, of: chat) else { return nil }
        return "UPDATE web_chat SET timer = \(entry.timer) WHERE chat = \(chat)"
    }

    /// Remembers what is known of a chat.
    /// - Returns: whether the table may say something else.
    private func isNews(_ entry: Entry, of chat: ChatID) async throws -> Bool {
        let isStored = state.withLock { state in
            if state.seen.count > Self.capacity { state = State() }
            state.seen[chat] = entry
            return state.pending[chat] == nil && state.stored[chat] == entry
        }
        if isStored { return false }
        let before = try await read(chat)
        return state.withLock { state in
            // What was handed out and is not there yet may still be on its way, and would come after what is there.
            let isOnItsWay = state.pending[chat].map { $0 != before } ?? false
            let isNews = isOnItsWay || before != entry
            state.pending[chat] = isNews ? entry : nil
            return isNews
        }
    }

    /// What is known of a chat; `nil` when its member never wrote to us.
    func entry(of chat: ChatID) async throws -> Entry? {
        if let seen = state.withLock({ $0.seen[chat] }) { return seen }
        return try await read(chat)
    }

    /// Forgets chats that were erased.
    func forget(_ chats: [ChatID]) {
        state.withLock { state in
            for chat in chats {
                state.stored[chat] = nil
                state.pending[chat] = nil
                state.seen[chat] = nil
            }
        }
    }

    private func read(_ chat: ChatID) async throws -> Entry? {
        let row = try await database.rows("SELECT timer FROM web_chat WHERE chat = \(chat)").first
        let entry = try row.map { Entry(timer: try $0.optionalInt("timer").map { Int($0) }) }
        state.withLock { $0.stored[chat] = entry }
        return entry
    }
}
