import BotKit
import Foundation

/// What the limits on sending keep in the tables.
struct LimitStore: Sendable {
    let database: any Database

    // MARK: - What went out

    /// A reply that went out, and whether its chat is one from which no message is stored.
    struct Sending: Sendable {
        let chat: ChatID
        let at: Date
        let isToStranger: Bool
    }

    /// Brings times that were stored under a later clock back to this one: all that is known of them is that they are
    /// over.
    func takeBackClock(at now: Date) async throws {
        let newest = try await database.rows("SELECT MAX(sent_at) AS newest FROM outbox WHERE sent_at > 0")
            .first?.optionalDate("newest")
        let latest = now.adding(.clockTolerance)
        guard let newest, newest > latest else { return }
        try await database.run("UPDATE outbox SET sent_at = \(now) WHERE sent_at > \(latest)")
    }

    /// What an account sent since a time, oldest first.
    func sendings(of account: AccountID, since start: Date) async throws -> [Sending] {
        try await database.rows(
            """
            SELECT chat, sent_at, CASE WHEN EXISTS (SELECT 1 FROM inbox WHERE inbox.chat = outbox.chat) THEN 0 ELSE 1
                END AS is_stranger
            FROM outbox WHERE sent_at > \(start) AND \(Self.isChat(of: account)) ORDER BY sent_at
            """
        ).map {
            Sending(
                chat: try $0.id("chat"), at: try $0.date("sent_at"), isToStranger: try $0.bool("is_stranger"))
        }
    }

    /// Whether a chat is one of an account's, which all begin with its name.
    private static func isChat(of account: AccountID) -> SQL {
        // The character after `/` is `0`, byte by byte.
        let name: SQL = "chat\(sqlite: "", postgres: " COLLATE \"C\"")"
        return "\(name) >= \(account.rawValue + "/") AND \(name) < \(account.rawValue + "0")"
    }

    // MARK: - Who sends

    /// Has an account send under `lease`, and under no other.
    func take(_ account: AccountID, under lease: String) async throws {
        try await database.run(
            """
            INSERT INTO account_health (account, lease) VALUES (\(account), \(lease))
            ON CONFLICT (account) DO UPDATE SET lease = excluded.lease
            """)
    }

    func holds(_ account: AccountID, under lease: String) async throws -> Bool {
        try await !database.rows(
            "SELECT 1 AS held FROM account_health WHERE account = \(account) AND lease = \(lease)"
        ).isEmpty
    }

    // MARK: - Strangers

    /// Whether a message from `chat` is stored.
    func hasHeard(from chat: ChatID) async throws -> Bool {
        try await !database.rows("SELECT 1 AS heard FROM inbox WHERE chat = \(chat) LIMIT 1").isEmpty
    }

    // MARK: - Levels

    func throttles(at now: Date) async throws -> [AccountID: SendThrottle] {
        let rows = try await database.rows("SELECT account, level, level_since FROM account_health WHERE level > 0")
        return Dictionary(
            try rows.map {
                // The minute begins anew: what was counted in the one that was cut is not known.
                (try $0.id("account"), SendThrottle(level: Int(try $0.int("level")), since: now))
            }
        ) { first, _ in first }
    }

    func set(_ level: Int, since: Date, of account: AccountID) async throws {
        try await database.run(
            """
            INSERT INTO account_health (account, level, level_since) VALUES (\(account), \(level), \(since))
            ON CONFLICT (account) DO UPDATE SET level = excluded.level, level_since = excluded.level_since
            """)
    }

    // MARK: - Who wants nothing from us

    /// The chats that blocked us, and since when; but not those that wrote again.
    func blocked() async throws -> [ChatID: Date] {
        let rows = try await database.rows(
            """
            SELECT chat, blocked_at FROM member_quality WHERE blocked_at IS NOT NULL AND NOT EXISTS (
                SELECT 1 FROM inbox WHERE inbox.chat = member_quality.chat
                    AND inbox.received_at > member_quality.blocked_at)
            """)
        return Dictionary(try rows.map { (try $0.id("chat"), try $0.date("blocked_at")) }) { first, _ in first }
    }

    func noteBlock(by chat: ChatID, at now: Date) async throws {
        try await database.run(
            """
            INSERT INTO member_quality (chat, blocked_at, last_contact) VALUES (\(chat), \(now), \(now))
            ON CONFLICT (chat) DO UPDATE SET blocked_at = excluded.blocked_at, last_contact = excluded.last_contact
            """)
    }

    func forgetBlock(by chat: ChatID) async throws {
        try await database.run("UPDATE member_quality SET blocked_at = NULL WHERE chat = \(chat)")
    }

    /// Of how many chats that were written to since `time` how many have blocked the account.
    func blocks(of account: AccountID, since time: Date) async throws -> (written: Int, blocked: Int) {
        let rows = try await database.rows(
            """
            SELECT COUNT(*) AS written, COUNT(blocked_at) AS blocked FROM member_quality
            WHERE \(Self.isChat(of: account)) AND last_contact > \(time)
            """)
        guard let row = rows.first else { return (0, 0) }
        return (Int(try row.int("written")), Int(try row.int("blocked")))
    }

    /// Notes that the operator is told of blocks.
    /// - Returns: `false` when that was done less than a day ago.
    func mayTellOfBlocks(of account: AccountID, at now: Date) async throws -> Bool {
        let yesterday = now.addingTimeInterval(-86_400)
        return try await database.run(
            """
            INSERT INTO account_health (account, blocks_told_at) VALUES (\(account), \(now))
            ON CONFLICT (account) DO UPDATE SET blocks_told_at = excluded.blocks_told_at
            WHERE account_health.blocks_told_at <= \(yesterday) OR account_health.blocks_told_at > \(now)
            """) > 0
    }
}
