import BotKit
import Foundation

/// A reply that is stored and not yet taken by its network.
struct OutboxItem: Sendable {
    enum State: String { case queued, sending, parked, done, dead }

    let row: Int64
    let chat: ChatID
    var reply: RenderedReply
    var state: State
    var attempts: Int
    /// Whether it was sent a second time because news of the first never came.
    var repeated: Bool
    var notBefore: Date
    /// The id that we chose for it, or the one that the network gave.
    var networkID: MessageID?
    let createdAt: Date
    /// From when its age counts: later than `createdAt` after it was parked, or after a wait that its network named.
    var waitingSince: Date
    /// How many attempts in a row ended, in this process, before they reached the network: they make waits longer but
    /// do not count as attempts.
    var vainAttempts = 0
}

/// The outbox table.
struct OutboxStore: Sendable {
    let database: any Database

    /// The statement that stores a new item. A second one with the same key is not stored.
    /// - Parameter member: whom it is about, in a group.
    static func insert(_ item: OutboxItem, key: String?, about member: MemberID? = nil) throws -> SQL {
        let payload = try payload(item.reply)
        return """
            INSERT INTO outbox (id, chat, payload, state, attempts, not_before, network_id, unique_key, created_at,
                member)
            VALUES (\(item.row), \(item.chat), \(payload), \(item.state.rawValue), 0, \(item.notBefore),
                \(item.networkID), \(key), \(item.createdAt), \(member))
            ON CONFLICT (unique_key) DO NOTHING
            """
    }

    /// What waits to be sent to `chat`, oldest first.
    /// - Parameter now: what is postponed beyond is left out.
    func open(in chat: ChatID, at now: Date, limit: Int) async throws -> RowPage<OutboxItem> {
        let rows = try await database.rows(
            """
            SELECT id, chat, payload, state, attempts, repeated, not_before, network_id, created_at,
                COALESCE(waiting_since, created_at) AS waiting_since FROM outbox
            WHERE chat = \(chat) AND state IN ('queued', 'sending', 'parked') AND state IN ('queued', 'sending')
                AND (waiting_since IS NULL OR waiting_since <= not_before OR not_before <= \(now))
            ORDER BY id LIMIT \(limit)
            """)
        return try RowPage(rows, limit: limit, read: Self.item)
    }

    /// When the first of the items comes due that are postponed.
    func nextPostponed(in chat: ChatID, after now: Date) async throws -> Date? {
        try await database.rows(
            """
            SELECT MIN(not_before) AS due FROM outbox
            WHERE chat = \(chat) AND state IN ('queued', 'sending', 'parked') AND state = 'queued'
                AND waiting_since > not_before AND not_before > \(now)
            """
        ).first?.optionalDate("due")
    }

    /// From when the age counts of an item that is postponed until `time`: later than that, which marks it.
    static func waitingSince(postponedUntil time: Date) -> Date { time.adding(.milliseconds(1)) }

    /// - Returns: `nil` when the row is damaged or was written by a newer version.
    private static func item(_ row: Row) -> OutboxItem? {
        do {
            return OutboxItem(
                row: try row.int("id"), chat: try row.id("chat"), reply: try reply(row),
                state: OutboxItem.State(rawValue: try row.text("state")) ?? .queued,
                attempts: Int(try row.int("attempts")), repeated: try row.bool("repeated"),
                notBefore: try row.date("not_before"),
                networkID: try row.optionalText("network_id").map { MessageID(rawValue: $0) },
                createdAt: try row.date("created_at"), waitingSince: try row.date("waiting_since"))
        } catch {
            return nil
        }
    }

    static func payload(_ reply: RenderedReply) throws -> String {
        String(decoding: try JSONEncoder().encode(reply), as: UTF8.self)
    }

    private static func reply(_ row: Row) throws -> RenderedReply {
        try JSONDecoder().decode(RenderedReply.self, from: Data(try row.text("payload").utf8))
    }

    /// The chats that have something to send.
    func openChats() async throws -> [ChatID] {
        try await database.rows(
            """
            SELECT DISTINCT chat FROM outbox
            WHERE state IN ('queued', 'sending', 'parked') AND state IN ('queued', 'sending')
            """
        ).map { try $0.id("chat") }
    }

    /// How many replies wait to be sent to `chat`, and whether one of them was said under a key that begins with
    /// `prefix` and a dot.
    func waiting(in chat: ChatID, noticesUnder prefix: String) async throws -> (count: Int, hasNotice: Bool) {
        let pattern = prefix + ".%"
        let rows = try await database.rows(
            """
            SELECT COUNT(*) AS n, COUNT(CASE WHEN unique_key LIKE \(pattern) THEN 1 END) AS notices FROM outbox
            WHERE chat = \(chat) AND state IN ('queued', 'sending', 'parked') AND state IN ('queued', 'sending')
            """)
        guard let row = rows.first else { return (0, false) }
        return (Int(try row.int("n")), try row.int("notices") > 0)
    }

    /// How many replies wait: `queued` to be sent or for news of it, `parked` for their member to write.
    func depths() async throws -> [String: Int] {
        let rows = try await database.rows(
            """
            SELECT CASE WHEN state = 'parked' THEN 'parked' ELSE 'queued' END AS waits, COUNT(*) AS n
            FROM outbox WHERE state IN ('queued', 'sending', 'parked') GROUP BY 1
            """)
        return Dictionary(try rows.map { (try $0.text("waits"), Int(try $0.int("n"))) }) { $0 + $1 }
    }

    /// Notes that it is about to go out.
    /// - Parameter lease: under which its account has to be held; `nil` where nothing is counted.
    /// - Returns: `false` when news of it came in the meantime, so that it must not go out again, when it stands under
    ///   another chat now, and when its account is not held any more.
    func markSending(_ item: OutboxItem, at now: Date, under lease: String?) async throws -> Bool {
        let account = item.chat.account
        // Where a statement does not see what others have not yet committed, the lease must not be taken meanwhile.
        let lock: SQL = "\(sqlite: "", postgres: " FOR SHARE")"
        let isHeld: SQL =
            lease.map { "EXISTS (SELECT 1 FROM account_health WHERE account = \(account) AND lease = \($0)\(lock))" }
            ?? "1 = 1"
        return try await database.run(
            """
            UPDATE outbox SET state = 'sending', attempts = attempts + 1, repeated = \(item.repeated),
                sent_at = \(now), network_id = COALESCE(network_id, \(item.networkID))
            WHERE id = \(item.row) AND chat = \(item.chat) AND state IN ('queued', 'sending') AND \(isHeld)
            """) == 1
    }

    /// The network took it. News that came earlier is not undone.
    /// - Parameter edited: the row of the message whose words it changed: who quotes that one means the new words.
    func markAccepted(_ item: OutboxItem, as id: MessageID, editing edited: Int64? = nil) async throws {
        let row = item.row
        let kept: String? = try item.reply.secret == nil ? nil : Self.payload(item.reply.withoutSecret)
        let accept: SQL = """
            UPDATE outbox SET network_id = \(id), reached = CASE WHEN reached < 1 THEN 1 ELSE reached END,
                state = CASE WHEN state = 'sending' THEN 'done' ELSE state END, payload = COALESCE(\(kept), payload)
            WHERE id = \(row)
            """
        guard let edited else {
            try await database.run(accept)
            return
        }
        try await database.transaction([
            accept,
            "UPDATE outbox SET payload = (SELECT n.payload FROM outbox AS n WHERE n.id = \(row)) WHERE id = \(edited)",
        ])
    }

    /// It goes back to the queue, or to another state, with the problem's code and its count of attempts.
    /// - Returns: `false` when news of it came in the meantime and counts instead.
    func set(
        _ item: OutboxItem, to state: OutboxItem.State, notBefore: Date, waitingSince: Date? = nil, problem: String
    ) async throws -> Bool {
        try await database.run(
            """
            UPDATE outbox SET state = \(state.rawValue), not_before = \(notBefore),
                problem = \(problem), waiting_since = COALESCE(\(waitingSince), waiting_since),
                attempts = \(item.attempts)
            WHERE id = \(item.row) AND state IN ('queued', 'sending')
            """) == 1
    }

    /// The statement that lets what is parked in `chat` go out again. It runs with each message that comes in; the
    /// first condition on the state is the one of its index.
    static func unpark(_ chat: ChatID, at time: Date) -> SQL {
        """
        UPDATE outbox SET state = 'queued', not_before = \(time), waiting_since = \(time)
        WHERE chat = \(chat) AND state IN ('queued', 'sending', 'parked') AND state = 'parked'
        """
    }

    /// Lines an item up under the name that its chat bears now.
    func move(_ row: Int64, to chat: ChatID, at time: Date) async throws {
        try await database.run(
            """
            UPDATE outbox SET chat = \(chat), state = 'queued', not_before = \(time)
            WHERE id = \(row) AND state IN ('queued', 'sending')
            """)
    }

    /// Gives up rows that cannot be read.
    /// - Returns: how many waited to be sent.
    func buryUnreadable(_ rows: [Int64], problem: String) async throws -> Int {
        try await database.run(
            """
            UPDATE outbox SET state = 'dead', problem = \(problem)
            WHERE id IN (\(list: rows)) AND state IN ('queued', 'sending')
            """)
    }

    /// News that a message reached `state`. It only moves up, and it ends the doubt about a send that was cut. News of
    /// an earlier attempt does not end a later one, unless it was delivered.
    /// - Returns: whether the message is done.
    func note(_ reached: DeliveryReport.State, row: Int64, as id: MessageID) async throws -> Bool {
        try await database.rows(
            """
            UPDATE outbox SET
                network_id = CASE WHEN network_id IS NULL OR state = 'sending' THEN \(id) ELSE network_id END,
                reached = CASE WHEN reached < \(reached.rawValue) THEN \(reached.rawValue) ELSE reached END,
                state = CASE WHEN state = 'sending' OR \(reached.rawValue) >= 3 THEN 'done' ELSE state END
            WHERE id = \(row) RETURNING state
            """
        ).first?.text("state") == "done"
    }

    /// News that a message which the network had taken failed.
    /// - Parameters:
    ///   - chat: where the message stands from now on.
    ///   - notBefore: when it may go once more.
    ///   - waitingSince: from when its age counts from now on; `nil` is from the first failure, which is at `now`.
    /// - Returns: whether the news is believed: a message that was delivered has not failed.
    func noteFailure(
        row: Int64, in chat: ChatID, state: OutboxItem.State, notBefore: Date, waitingSince: Date?, problem: String,
        at now: Date
    ) async throws -> Bool {
        try await database.run(
            """
            UPDATE outbox SET chat = \(chat), state = \(state.rawValue), not_before = \(notBefore),
                problem = \(problem), waiting_since = COALESCE(\(waitingSince), waiting_since, \(now))
            WHERE id = \(row) AND reached < 3 AND state <> 'dead'
            """) > 0
    }

    /// Whether we received something in `chat` after `time` of our clock.
    func heard(from chat: ChatID, since time: Date) async throws -> Bool {
        try await !database.rows(
            "SELECT 1 AS heard FROM inbox WHERE received_at > \(time) AND chat = \(chat) LIMIT 1"
        ).isEmpty
    }

    /// A message that there is news of.
    struct Place: Sendable {
        let row: Int64
        let chat: ChatID
        let attempts: Int
        let createdAt: Date
        /// What the network calls the latest attempt that it took.
        let networkID: MessageID?
    }

    /// The message that stands in `row`.
    func place(ofRow row: Int64) async throws -> Place? {
        try await place("SELECT id, chat, attempts, created_at, network_id FROM outbox WHERE id = \(row)")
    }

    /// The message that a network knows as `id`.
    func place(withNetworkID id: MessageID) async throws -> Place? {
        try await place(
            "SELECT id, chat, attempts, created_at, network_id FROM outbox WHERE network_id = \(id) LIMIT 1")
    }

    private func place(_ query: SQL) async throws -> Place? {
        try await database.rows(query).first.map {
            Place(
                row: try $0.int("id"), chat: try $0.id("chat"), attempts: Int(try $0.int("attempts")),
                createdAt: try $0.date("created_at"),
                networkID: try $0.optionalText("network_id").map(MessageID.init(rawValue:)))
        }
    }

    /// What we said in the message that the network knows as `id`; without words when this version cannot read them.
    func quoted(_ id: MessageID, in chat: ChatID) async throws -> QuotedMessage? {
        let rows = try await database.rows(
            "SELECT payload FROM outbox WHERE network_id = \(id) AND chat = \(chat) LIMIT 1")
        guard let row = rows.first else { return nil }
        do { return QuotedMessage(id: id, text: try Self.reply(row).text, isFromBot: true) } catch {
            return QuotedMessage(id: id, isFromBot: true)
        }
    }
}
