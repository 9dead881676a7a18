public import BotKit
import Foundation

/// Reads what became of messages from the tables of the line.
public struct TurnArchive: TurnRecords {
    /// How many parts an answer is looked for in.
    private static let mostReplies = 64

    private let database: any Database

    public init(_ database: any Database) { self.database = database }

    public func record(of message: MessageID, in chat: ChatID) async throws -> TurnRecord? {
        let ours = try await database.rows(
            "SELECT unique_key FROM outbox WHERE network_id = \(message) AND chat = \(chat) LIMIT 1"
        ).first
        if let ours {
            guard let turn = try ours.optionalText("unique_key").flatMap(Self.turn) else { return nil }
            return try await records("id = \(turn)", order: "id", limit: 1).first
        }
        return try await records("chat = \(chat) AND message_id = \(message)", order: "id", limit: 1).first
    }

    public func last(of member: MemberID, in chat: ChatID, before row: Int64, except feature: String) async throws
        -> TurnRecord?
    {
        try await records(
            """
            chat = \(chat) AND member = \(member) AND id < \(row) AND (feature IS NULL OR feature <> \(feature))
            """, order: "id DESC", limit: 1
        ).first
    }

    /// What became of the messages that a network, in any chat, calls `name`, or of the turn that a reference names.
    /// - Parameter chat: only messages in this one.
    /// - Throws: `DatabaseError`.
    public func records(named name: String, in chat: ChatID?) async throws -> [TurnRecord] {
        let place: SQL = chat.map { "AND chat = \($0)" } ?? ""
        var found = try await records("message_id = \(name) \(place)", order: "id DESC", limit: 20)
        if found.isEmpty {
            let keys = try await database.rows(
                "SELECT unique_key FROM outbox WHERE network_id = \(name) \(place) LIMIT 20"
            ).compactMap { try $0.optionalText("unique_key").flatMap(Self.turn) }
            found = try await records("id IN (\(list: keys))", order: "id DESC", limit: 20)
        }
        guard found.isEmpty, let row = TurnReference.row(of: name) else { return found }
        return try await records("id = \(row) \(place)", order: "id", limit: 1)
    }

    /// The turn whose answer, or whose notice that an answer takes time, has a key in the outbox.
    private static func turn(of key: String) -> Int64? {
        let parts = key.split(separator: ".")
        let words = ["turn", "still", QueuedTurn.keyWord, BacklogLimit.prefix]
        guard parts.count == 3, words.contains(String(parts[0])) else { return nil }
        return Int64(parts[1])
    }

    // MARK: - Rows

    private func records(_ condition: SQL, order: SQL, limit: Int) async throws -> [TurnRecord] {
        let rows = try await database.rows(
            """
            SELECT id, chat, member, message_id, state, received_at, turn, step, reason, refusal, feature, closed_at
            FROM inbox WHERE \(condition) ORDER BY \(order) LIMIT \(limit)
            """)
        var records: [TurnRecord] = []
        for row in rows { records.append(try await record(row)) }
        return records
    }

    private func record(_ row: Row) async throws -> TurnRecord {
        let id = try row.int("id")
        let turn = try row.optionalInt("turn") ?? id
        let state = try row.text("state")
        var verdict: TurnVerdict?
        // A word of a newer version says nothing to this one.
        if let reason = try row.optionalText("reason").flatMap(TurnReason.init(rawValue:)) {
            verdict = TurnVerdict(
                reason, at: try row.optionalText("step").flatMap(TurnStage.init(rawValue:)) ?? .receive,
                refusal: try row.optionalText("refusal"), feature: try row.optionalText("feature"))
        }
        let chat: ChatID = try row.id("chat")
        return TurnRecord(
            message: try row.id("message_id"), chat: chat, member: try row.id("member"),
            receivedAt: try row.date("received_at"), isOpen: state == "received", verdict: verdict,
            closedAt: try row.optionalDate("closed_at"), reference: TurnReference.of(turn),
            count: try await count(of: turn, in: chat), replies: try await replies(of: turn))
    }

    private func count(of turn: Int64, in chat: ChatID) async throws -> Int {
        let rows = try await database.rows("SELECT COUNT(*) AS n FROM inbox WHERE chat = \(chat) AND turn = \(turn)")
        return max(1, Int(try rows.first?.int("n") ?? 1))
    }

    private func replies(of turn: Int64) async throws -> TurnRecord.Replies {
        let keys = ["turn", QueuedTurn.keyWord].flatMap { word in
            (0..<Self.mostReplies).map { "\(word).\(turn).\($0)" }
        }
        let rows = try await database.rows(
            "SELECT state, problem FROM outbox WHERE unique_key IN (\(list: keys)) ORDER BY id")
        return try rows.reduce(into: TurnRecord.Replies()) { replies, row in
            switch OutboxItem.State(rawValue: try row.text("state")) {
            case .queued, .sending, nil: replies.waiting += 1
            case .parked: replies.parked += 1
            case .done: replies.sent += 1
            case .dead: replies.problem = try row.optionalText("problem") ?? "unknown"
            }
        }
    }
}
