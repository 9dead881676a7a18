import BotKit
import Foundation

/// A message that is stored and waits for its turn.
struct StoredMessage: Sendable {
    let row: Int64
    let message: InboundMessage
    /// Whether it goes before what was sent earlier.
    var overtakes = false
}

/// How the line of a message ended.
public enum TurnOutcome: String, Sendable, CaseIterable {
    case answered, refused, failed
    /// Too old to be answered; kept for the record.
    case stored
    /// Not for us, or nothing that can be answered.
    case ignored
    /// The member stopped it.
    case stopped
}

/// The inbox table.
struct InboxStore: Sendable {
    let database: any Database
    let ids: RowIDs

    /// Gives each message the row that it will have.
    func numbered(_ messages: [InboundMessage]) -> [StoredMessage] {
        messages.map { StoredMessage(row: ids.next(at: $0.receivedAt), message: $0) }
    }

    /// Stores what is new among `stored`, with `writes`, in one transaction.
    /// - Returns: the messages that were new.
    func add(_ stored: [StoredMessage], writes: [SQL]) async throws -> [StoredMessage] {
        let encoder = JSONEncoder()
        // A place that no map has must not keep the messages beside it from being stored.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        let inserts = try stored.map { stored -> SQL in
            let message = stored.message
            let payload = String(decoding: try encoder.encode(message), as: UTF8.self)
            return """
                INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
                VALUES (\(stored.row), \(message.chat), \(message.sender.id), \(message.id), \(payload), 'received',
                    \(message.receivedAt))
                ON CONFLICT (chat, message_id, member) DO NOTHING
                """
        }
        let changes = try await database.transaction(inserts + writes)
        return zip(stored, changes).filter { $0.1 > 0 }.map(\.0)
    }

    /// The messages of `chat` that wait for an answer, oldest first.
    func waiting(in chat: ChatID, limit: Int) async throws -> [StoredMessage] {
        try await database.rows(
            "SELECT id, payload FROM inbox WHERE chat = \(chat) AND state = 'received' ORDER BY id LIMIT \(limit)"
        ).map(Self.message)
    }

    /// The chats that have messages from before row `row` waiting, and how many.
    func waitingChats(before row: Int64) async throws -> [(chat: ChatID, count: Int)] {
        try await database.rows(
            "SELECT chat, COUNT(*) AS n FROM inbox WHERE state = 'received' AND id < \(row) GROUP BY chat"
        ).map { (try $0.id("chat"), Int(try $0.int("n"))) }
    }

    /// Counts a restart for what waits from before row `row`, and gives up what was met by more than `limit` of them: a
    /// message that ends the process each time it is answered must not do so for ever.
    /// - Returns: how many were given up.
    func noteRestart(before row: Int64, limit: Int) async throws -> Int {
        try await database.transaction([
            "UPDATE inbox SET restarts = restarts + 1 WHERE state = 'received' AND id < \(row)",
            "UPDATE inbox SET state = 'failed' WHERE state = 'received' AND id < \(row) AND restarts > \(limit)",
        ])[1]
    }

    /// The statement that ends the line of `turn`; it undoes its transaction when the line has already ended.
    static func close(_ rows: [Int64], as outcome: TurnOutcome) -> SQL {
        let close: SQL = """
            UPDATE inbox SET state = \(outcome.rawValue) WHERE id IN (\(list: rows)) AND state = 'received'
            """
        return close.requiring(rows: rows.count)
    }

    /// A message that somebody sent to `chat`.
    func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage? {
        try await database.rows(
            "SELECT id, payload FROM inbox WHERE chat = \(chat) AND message_id = \(id) ORDER BY id LIMIT 1"
        ).first.map(Self.message)?.message
    }

    private static func message(_ row: Row) throws -> StoredMessage {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return StoredMessage(
            row: try row.int("id"),
            message: try decoder.decode(InboundMessage.self, from: Data(try row.text("payload").utf8)))
    }
}
