import BotKit
import Foundation

/// A message that is stored and waits for its turn.
struct StoredMessage: Sendable {
    let row: Int64
    let message: InboundMessage
    /// Whether it goes before what was sent earlier.
    var overtakes = false
    /// How many ends of the process its turn met, as far as that was counted.
    var deaths = 0
    /// Whether this process has counted its turn already.
    var isCounted = false

    /// Whether its turn may be what ends the process, so that no other such turn shall run beside it.
    var isSuspect: Bool { deaths >= 3 }
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
    /// - Returns: the messages that were new, and how many rows each of `writes` changed.
    func add(_ stored: [StoredMessage], writes: [SQL]) async throws -> (new: [StoredMessage], changes: [Int]) {
        let inserts = try Self.inserts(of: stored)
        let changes = try await database.transaction(inserts + writes)
        let new = zip(stored, changes).filter { $0.1 > 0 }.map(\.0)
        return (new, Array(changes.dropFirst(stored.count)))
    }

    /// The statements that store messages, each if it is new.
    /// - Parameter isKept: whether they are for the record alone.
    static func inserts(of stored: [StoredMessage], isKept: Bool = false) throws -> [SQL] {
        let encoder = JSONEncoder()
        // A place that no map has must not keep the messages beside it from being stored.
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try stored.map { stored -> SQL in
            let message = stored.message
            let state = isKept ? TurnOutcome.stored.rawValue : "received"
            let reason = isKept ? TurnReason.history.rawValue : nil
            let payload = String(decoding: try encoder.encode(message), as: UTF8.self)
            return """
                INSERT INTO inbox (id, chat, member, message_id, payload, state, reason, received_at)
                VALUES (\(stored.row), \(message.chat), \(message.sender.id), \(message.id), \(payload), \(state),
                    \(reason), \(message.receivedAt))
                ON CONFLICT (chat, message_id, member) DO NOTHING
                """
        }
    }

    /// The messages of `chat` that wait for an answer, oldest first.
    func waiting(in chat: ChatID, limit: Int) async throws -> RowPage<StoredMessage> {
        let rows = try await database.rows(
            """
            SELECT id, chat, member, restarts, payload FROM inbox WHERE chat = \(chat) AND state = 'received'
            ORDER BY id LIMIT \(limit)
            """)
        return try RowPage(rows, limit: limit, read: Self.message)
    }

    /// Ends messages without an answer.
    /// - Returns: how many were still waiting for one.
    func setAside(_ rows: [Int64], at time: Date) async throws -> Int {
        try await database.run(
            """
            UPDATE inbox SET state = 'failed', step = \(TurnStage.receive.rawValue),
                reason = \(TurnReason.unreadable.rawValue), closed_at = \(time)
            WHERE id IN (\(list: rows)) AND state = 'received'
            """)
    }

    /// The chats that have messages from before row `row` waiting, and how many.
    func waitingChats(before row: Int64) async throws -> [(chat: ChatID, count: Int)] {
        try await database.rows(
            "SELECT chat, COUNT(*) AS n FROM inbox WHERE state = 'received' AND id < \(row) GROUP BY chat"
        ).map { (try $0.id("chat"), Int(try $0.int("n"))) }
    }

    /// What was chosen in a group as the rule when the bot speaks there.
    func activation(of chat: ChatID) async throws -> Activation? {
        try await database.rows("SELECT activation FROM chat_setting WHERE chat = \(chat)")
            .first?.optionalText("activation").flatMap(Activation.init(rawValue:))
    }

    // MARK: - Ends of the process

    /// Counts that the turn of `rows` begins. What is not answered when the process starts the next time may have ended
    /// it.
    func countBegin(of rows: [Int64]) async throws {
        try await database.run(
            "UPDATE inbox SET restarts = restarts + 1 WHERE id IN (\(list: rows)) AND state = 'received'")
    }

    /// Takes that back: the turn did not end, and neither did it end the process.
    func takeBackBegin(of rows: [Int64]) async throws {
        try await database.run(
            """
            UPDATE inbox SET restarts = restarts - 1
            WHERE id IN (\(list: rows)) AND state = 'received' AND restarts > 0
            """)
    }

    /// What waits from before row `row` and whose turn began `limit` times: a message that ends the process each time
    /// it is answered must not do so for ever.
    func begunTooOften(before row: Int64, limit: Int) async throws -> [StoredMessage] {
        let rows = try await database.rows(
            """
            SELECT id, chat, member, restarts, payload FROM inbox
            WHERE state = 'received' AND id < \(row) AND restarts >= \(limit) ORDER BY id LIMIT 1000
            """)
        return try RowPage(rows, limit: 1000, read: Self.message).items
    }

    // MARK: - Turns

    /// The statement that ends a line; it undoes its transaction when the line has already ended, and when chat or
    /// member bear other names by now than in the turn that was answered. Why it ended is part of it.
    static func close(_ line: TurnLine, at time: Date) -> SQL {
        let names = line.turn.map { turn -> SQL in "AND chat = \(turn.chat.id) AND member = \(turn.member.id)" }
        let verdict = line.verdict
        let close: SQL = """
            UPDATE inbox SET state = \(line.outcome.rawValue), turn = \(line.id), step = \(verdict.step.rawValue),
                reason = \(verdict.reason.rawValue), refusal = \(verdict.refusal), feature = \(verdict.feature),
                closed_at = \(time)
            WHERE id IN (\(list: line.rows)) AND state = 'received' \(names ?? "")
            """
        return close.requiring(rows: line.rows.count)
    }

    /// The statement that notes how a turn ended that waited in the queue.
    static func conclude(_ line: TurnLine, at time: Date) -> SQL {
        let verdict = line.verdict
        return """
            UPDATE inbox SET state = \(line.outcome.rawValue), step = \(verdict.step.rawValue),
                reason = \(verdict.reason.rawValue), refusal = \(verdict.refusal), feature = \(verdict.feature),
                closed_at = \(time)
            WHERE id IN (\(list: line.rows)) AND reason = \(TurnReason.queued.rawValue)
            """
    }

    /// Those of `rows` whose turn waits in the queue, oldest first.
    func queued(_ rows: [Int64]) async throws -> [StoredMessage] {
        try await database.rows(
            """
            SELECT id, chat, member, restarts, payload FROM inbox
            WHERE id IN (\(list: rows)) AND reason = \(TurnReason.queued.rawValue) ORDER BY id
            """
        ).compactMap(Self.message)
    }

    /// A message that is not answered yet, under the names that its chat and member bear now.
    struct Place: Sendable {
        let row: Int64
        let chat: ChatID
        let member: MemberID
    }

    /// Those of `rows` that are not answered yet.
    func open(_ rows: [Int64]) async throws -> [Place] {
        try await database.rows(
            "SELECT id, chat, member FROM inbox WHERE id IN (\(list: rows)) AND state = 'received' ORDER BY id"
        ).map { Place(row: try $0.int("id"), chat: try $0.id("chat"), member: try $0.id("member")) }
    }

    /// A message that somebody sent to `chat`; `nil` as well when this version cannot read it.
    func message(_ id: MessageID, in chat: ChatID) async throws -> InboundMessage? {
        try await database.rows(
            """
            SELECT id, chat, member, restarts, payload FROM inbox WHERE chat = \(chat) AND message_id = \(id)
            ORDER BY id LIMIT 1
            """
        ).first.flatMap(Self.message)?.message
    }

    /// - Returns: `nil` when the row is damaged or was written by a newer version.
    private static func message(_ row: Row) -> StoredMessage? {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        do {
            var message = try decoder.decode(InboundMessage.self, from: Data(try row.text("payload").utf8))
            // The columns move when two people turn out to be one; the payload stays as it came.
            message.chat = try row.id("chat")
            message.sender.id = try row.id("member")
            return StoredMessage(row: try row.int("id"), message: message, deaths: Int(try row.int("restarts")))
        } catch {
            return nil
        }
    }
}
