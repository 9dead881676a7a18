import BotKit
import Foundation

/// The updates that came: each is stored once. Of a message only its key stays here; the others are handled after they
/// are stored.
struct CloudUpdateTable: Sendable {
    let database: any Database

    /// An update that waits to be handled.
    struct Pending: Sendable {
        let key: String
        let payload: String
    }

    /// The statement that keeps an update, if it is not there yet.
    /// - Parameters:
    ///   - account: `nil` for what concerns a whole business account.
    ///   - payload: what is to be done with it; `nil` when nothing is.
    ///   - raw: what came, when it may be needed later.
    static func keep(
        key: String, account: AccountID?, kind: String, payload: String? = nil, raw: String? = nil, at time: Date
    ) -> SQL {
        """
        INSERT INTO cloud_update (dedupe_key, account, kind, payload, raw, state, received_at)
        VALUES (\(key), \(account), \(kind), \(payload), \(raw), \(payload == nil ? "done" : "new"), \(time))
        ON CONFLICT (dedupe_key) DO NOTHING
        """
    }

    /// What waits for `account`, oldest first; with `unowned` also what concerns no single account.
    func pending(for account: AccountID, unowned: Bool, limit: Int) async throws -> [Pending] {
        try await database.rows(
            """
            SELECT dedupe_key, payload FROM cloud_update
            WHERE state = 'new' AND (account = \(account) OR (account IS NULL AND \(unowned) = 1))
            ORDER BY received_at LIMIT \(limit)
            """
        ).map { Pending(key: try $0.text("dedupe_key"), payload: try $0.text("payload")) }
    }

    /// Notes that updates were handled.
    func close(_ keys: [String]) async throws {
        try await database.run(
            "UPDATE cloud_update SET state = 'done', payload = NULL WHERE dedupe_key IN (\(list: keys))")
    }

    /// Which of `keys` are stored already.
    func known(_ keys: [String]) async throws -> Set<String> {
        var known: Set<String> = []
        for start in stride(from: 0, to: keys.count, by: 500) {
            let some = Array(keys[start..<min(start + 500, keys.count)])
            let rows = try await database.rows(
                "SELECT dedupe_key FROM cloud_update WHERE dedupe_key IN (\(list: some))")
            for row in rows { known.insert(try row.text("dedupe_key")) }
        }
        return known
    }
}
