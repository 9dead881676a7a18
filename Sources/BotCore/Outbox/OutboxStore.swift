import BotKit
import Foundation

/// A reply that is stored and not yet taken by its network.
struct OutboxItem: Sendable {
    enum State: String { case queued, sending, parked, done, dead }

    let row: Int64
    let chat: ChatID
    let reply: RenderedReply
    var state: State
    var attempts: Int
    /// Whether it was sent a second time because news of the first never came.
    var repeated: Bool
    var notBefore: Date
    /// The id that we chose for it, or the one that the network gave.
    var networkID: MessageID?
    let createdAt: Date
}

/// The outbox table.
struct OutboxStore: Sendable {
    let database: any Database

    /// The statement that stores a new item. A second one with the same key is not stored.
    static func insert(_ item: OutboxItem, key: String?) throws -> SQL {
        let payload = String(decoding: try JSONEncoder().encode(item.reply), as: UTF8.self)
        return """
            INSERT INTO outbox (id, chat, payload, state, attempts, not_before, network_id, unique_key, created_at)
            VALUES (\(item.row), \(item.chat), \(payload), \(item.state.rawValue), 0, \(item.notBefore),
                \(item.networkID), \(key), \(item.createdAt))
            ON CONFLICT (unique_key) DO NOTHING
            """
    }

    /// What waits to be sent to `chat`, oldest first, after row `after`.
    func open(in chat: ChatID, after row: Int64, limit: Int) async throws -> [OutboxItem] {
        try await database.rows(
            """
            SELECT id, chat, payload, state, attempts, repeated, not_before, network_id, created_at FROM outbox
            WHERE chat = \(chat) AND state IN ('queued', 'sending') AND id > \(row) ORDER BY id LIMIT \(limit)
            """
        ).map { row in
            OutboxItem(
                row: try row.int("id"), chat: try row.id("chat"),
                reply: try JSONDecoder().decode(RenderedReply.self, from: Data(try row.text("payload").utf8)),
                state: OutboxItem.State(rawValue: try row.text("state")) ?? .queued,
                attempts: Int(try row.int("attempts")), repeated: try row.bool("repeated"),
                notBefore: try row.date("not_before"),
                networkID: try row.optionalText("network_id").map { MessageID(rawValue: $0) },
                createdAt: try row.date("created_at"))
        }
    }

    /// The chats that have something to send, and those where something is parked.
    func openChats() async throws -> (toSend: [ChatID], parked: [ChatID]) {
        let rows = try await database.rows(
            """
            SELECT chat, MAX(CASE WHEN state = 'parked' THEN 0 ELSE 1 END) AS sends,
                MAX(CASE WHEN state = 'parked' THEN 1 ELSE 0 END) AS parks
            FROM outbox WHERE state IN ('queued', 'sending', 'parked') GROUP BY chat
            """)
        return (
            try rows.filter { try $0.bool("sends") }.map { try $0.id("chat") },
            try rows.filter { try $0.bool("parks") }.map { try $0.id("chat") }
        )
    }

    /// How many replies wait to be sent.
    func depth() async throws -> Int {
        Int(
            try await database.rows("SELECT COUNT(*) AS n FROM outbox WHERE state IN ('queued', 'sending', 'parked')")[0]
                .int("n"))
    }

    /// Notes that it is about to go out.
    /// - Returns: `false` when news of it came in the meantime, so that it must not go out again.
    func markSending(_ item: OutboxItem) async throws -> Bool {
        try await database.run(
            """
            UPDATE outbox SET state = 'sending', attempts = attempts + 1, repeated = \(item.repeated)
            WHERE id = \(item.row) AND state IN ('queued', 'sending')
            """) == 1
    }

    /// The network took it. News that came earlier is not undone.
    func markAccepted(_ row: Int64, as id: MessageID) async throws {
        try await database.run(
            """
            UPDATE outbox SET network_id = \(id), reached = CASE WHEN reached < 1 THEN 1 ELSE reached END,
                state = CASE WHEN state = 'sending' THEN 'done' ELSE state END
            WHERE id = \(row)
            """)
    }

    /// It goes back to the queue, or to another state, with the problem's code.
    func set(_ row: Int64, to state: OutboxItem.State, notBefore: Date, problem: String) async throws {
        try await database.run(
            """
            UPDATE outbox SET state = \(state.rawValue), not_before = \(notBefore), problem = \(problem)
            WHERE id = \(row) AND state <> 'done'
            """)
    }

    /// What is parked in `chat` may go out again.
    func unpark(_ chat: ChatID, at time: Date) async throws {
        try await database.run(
            "UPDATE outbox SET state = 'queued', not_before = \(time) WHERE chat = \(chat) AND state = 'parked'")
    }

    /// News that a message reached `state`. It only moves up, and it ends the doubt about a send that was cut.
    func note(_ reached: DeliveryReport.State, row: Int64, as id: MessageID) async throws {
        try await database.run(
            """
            UPDATE outbox SET network_id = \(id),
                reached = CASE WHEN reached < \(reached.rawValue) THEN \(reached.rawValue) ELSE reached END,
                state = CASE WHEN state = 'dead' AND \(reached.rawValue) < 3 THEN 'dead' ELSE 'done' END
            WHERE id = \(row)
            """)
    }

    /// News that a message which the network had taken failed.
    /// - Returns: whether the news is believed: a message that was delivered has not failed.
    func noteFailure(row: Int64, state: OutboxItem.State, notBefore: Date, problem: String) async throws -> Bool {
        try await database.run(
            """
            UPDATE outbox SET state = \(state.rawValue), not_before = \(notBefore), problem = \(problem)
            WHERE id = \(row) AND reached < 3 AND state <> 'dead'
            """) > 0
    }

    /// The row and chat of the message that a network knows as `id`.
    func row(withNetworkID id: MessageID) async throws -> (row: Int64, chat: ChatID)? {
        try await database.rows("SELECT id, chat FROM outbox WHERE network_id = \(id) LIMIT 1").first.map {
            (try $0.int("id"), try $0.id("chat"))
        }
    }

    /// The chat of a row.
    func chat(ofRow row: Int64) async throws -> ChatID? {
        try await database.rows("SELECT chat FROM outbox WHERE id = \(row)").first.map { try $0.id("chat") }
    }

    /// What we said in the message that the network knows as `id`.
    func reply(withNetworkID id: MessageID, in chat: ChatID) async throws -> RenderedReply? {
        try await database.rows("SELECT payload FROM outbox WHERE network_id = \(id) AND chat = \(chat) LIMIT 1").first
            .map { try JSONDecoder().decode(RenderedReply.self, from: Data(try $0.text("payload").utf8)) }
    }
}
