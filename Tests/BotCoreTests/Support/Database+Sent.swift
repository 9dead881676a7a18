import BotKit
import Foundation

@testable import BotCore

extension Database {
    /// Stores that an account sent so many replies, each to a chat of its own.
    /// - Parameter id: the first row.
    func storeSent(_ count: Int, by account: String = "test:bot", at time: Date, from id: Int = 1) async throws {
        guard count > 0 else { return }
        let (ago, chats) = (time.adding(.seconds(-1)), account + "/old-")
        try await run(
            """
            WITH RECURSIVE n (i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i + 1 < \(count))
            INSERT INTO outbox (id, chat, payload, state, reached, attempts, not_before, created_at, sent_at)
            SELECT \(id) + i, \(chats) || (\(id) + i), '{}', 'done', 1, 1, \(ago), \(ago), \(time) FROM n
            """)
    }
}
