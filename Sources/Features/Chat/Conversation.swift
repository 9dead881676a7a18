import BotKit
import Foundation

/// One thing said in a conversation.
struct ConversationEntry: Sendable, Equatable {
    enum Speaker: String { case member, bot }

    var speaker: Speaker
    /// The member's name, in a group.
    var name: String?
    var text: String
    /// What it takes of the window, its frame included: together exact where the server told, otherwise at least as
    /// many as it really takes.
    var tokens: Int
    /// The exact size of the request and the answer up to here, pre-prompt included, when the server told it.
    var total: Int?
}

/// The part of a conversation that fits.
struct ConversationWindow: Sendable {
    /// Oldest first.
    var entries: [ConversationEntry] = []
    /// Whether it is the whole conversation.
    var isWhole = true

    /// What it takes.
    var tokens: Int { entries.reduce(0) { $0 + $1.tokens } }
}

/// What was said in each chat, for the model to go on from.
struct Conversation: Sendable {
    static let migrations = [
        Migration(
            "chat.0001",
            [
                """
                CREATE TABLE conversation_entry (
                    id \(type: .rowID) PRIMARY KEY,
                    chat TEXT NOT NULL,
                    member TEXT NOT NULL,
                    speaker TEXT NOT NULL CHECK (speaker IN ('member', 'bot')),
                    name TEXT,
                    text TEXT NOT NULL,
                    tokens BIGINT NOT NULL,
                    total BIGINT,
                    created_at BIGINT NOT NULL
                )
                """,
                "CREATE INDEX conversation_by_chat ON conversation_entry (chat, id)",
                "CREATE INDEX conversation_by_time ON conversation_entry (created_at)",
            ])
    ]
    static let personalData = [
        PersonalData(
            "conversation_entry", member: "member", chat: "chat", time: "created_at", keeping: .conversation,
            called: Text("chat.data", en: "The conversation that I remember", he: "השיחה שאני זוכר"))
    ]
    /// What chat formats add around each message, at most: role and separators.
    static let overhead = 8
    /// How many entries are read at a time.
    private static let page = 200

    let database: any Database
    let ids: RowIDs
    let tokens: any TokenCounter

    /// The newest entries of a chat that fit `budget` tokens.
    func window(of chat: ChatID, budget: Int) async throws -> ConversationWindow {
        var window = ConversationWindow()
        window.isWhole = false
        var used = 0
        var oldest = Int64.max
        reading: while true {
            let rows = try await database.rows(
                """
                SELECT id, speaker, name, text, tokens, total FROM conversation_entry
                WHERE chat = \(chat) AND id < \(oldest) ORDER BY id DESC LIMIT \(Self.page)
                """)
            for row in rows {
                let entry = ConversationEntry(
                    speaker: try row.text("speaker") == "bot" ? .bot : .member, name: try row.optionalText("name"),
                    text: try row.text("text"), tokens: Int(try row.int("tokens")),
                    total: try row.optionalInt("total").map(Int.init))
                used += entry.tokens
                guard used <= budget else { break reading }
                window.entries.append(entry)
                oldest = try row.int("id")
            }
            guard rows.count == Self.page else {
                window.isWhole = true
                break
            }
        }
        window.entries.reverse()
        // A window starts with a question: an answer to something the model cannot see confuses it.
        if window.entries.first?.speaker == .bot {
            window.entries.removeFirst()
            window.isWhole = false
        }
        return window
    }

    /// The statements that add a question and its answer.
    func statements(
        adding entries: [ConversationEntry], in chat: ChatID, by member: MemberID, at time: Date
    ) -> [SQL] {
        entries.map { entry in
            """
            INSERT INTO conversation_entry (id, chat, member, speaker, name, text, tokens, total, created_at)
            VALUES (\(ids.next(at: time)), \(chat), \(member), \(entry.speaker.rawValue), \(entry.name), \(entry.text),
                \(entry.tokens), \(entry.total), \(time))
            """
        }
    }

    /// The statement that forgets a chat.
    func removal(of chat: ChatID) -> SQL { "DELETE FROM conversation_entry WHERE chat = \(chat)" }

    /// How many entries a chat has.
    func count(in chat: ChatID) async throws -> Int {
        Int(try await database.rows("SELECT COUNT(*) AS n FROM conversation_entry WHERE chat = \(chat)")[0].int("n"))
    }
}
