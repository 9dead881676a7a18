import BotKit
import Foundation

/// The table of users.
struct CloudUserTable: Sendable {
    let database: any Database

    /// The rows that any of the keys finds, newest revision first.
    func rows(matching keys: [Sighting.Keys]) async throws -> [CloudUser] {
        var users: [CloudUser] = []
        for start in stride(from: 0, to: keys.count, by: 500) {
            let some = keys[start..<min(start + 500, keys.count)]
            users += try await read(
                """
                phone IN (\(list: some.compactMap(\.phone))) OR bsuid IN (\(list: some.compactMap(\.userID)))
                OR parent_bsuid IN (\(list: some.compactMap(\.parentID)))
                """)
        }
        return users.sorted { $0.revision > $1.revision }
    }

    func user(_ id: Int64) async throws -> CloudUser? { try await read("id = \(id)").first }

    /// The rows that were found to be the same person as `id`, itself among them.
    func family(of id: Int64) async throws -> [Int64] {
        try await database.rows(
            """
            WITH RECURSIVE same (id) AS (
                SELECT CAST(\(id) AS BIGINT)
                UNION SELECT u.id FROM cloud_user AS u JOIN same ON u.merged_into = same.id)
            SELECT id FROM same LIMIT 100
            """
        ).map { try $0.int("id") }
    }

    /// The greatest number in use, for ids and revisions to go on from.
    func lastNumber() async throws -> Int64 {
        let rows = try await database.rows(
            "SELECT MAX(id) AS id, MAX(revision) AS revision FROM cloud_user")
        return max(try rows[0].optionalInt("id") ?? 0, try rows[0].optionalInt("revision") ?? 0)
    }

    /// The statement that stores a row, unless a newer one is there.
    static func store(_ user: CloudUser) -> SQL {
        """
        INSERT INTO cloud_user (id, member, phone, phone_since, bsuid, parent_bsuid, username, name, refuses_marketing,
            merged_into, revision, seen_at)
        VALUES (\(user.id), \(user.member), \(user.phone), \(user.phoneSince), \(user.userID), \(user.parentID),
            \(user.username), \(user.name), \(user.refusesMarketing), \(user.mergedInto), \(user.revision),
            \(user.seenAt))
        ON CONFLICT (id) DO UPDATE SET member = excluded.member, phone = excluded.phone,
            phone_since = excluded.phone_since, bsuid = excluded.bsuid,
            parent_bsuid = excluded.parent_bsuid, username = excluded.username, name = excluded.name,
            refuses_marketing = excluded.refuses_marketing, merged_into = excluded.merged_into,
            revision = excluded.revision, seen_at = excluded.seen_at
        WHERE cloud_user.revision < excluded.revision
        """
    }

    private func read(_ condition: SQL) async throws -> [CloudUser] {
        try await database.rows(
            """
            SELECT id, phone, phone_since, bsuid, parent_bsuid, username, name, refuses_marketing, merged_into,
                revision, seen_at
            FROM cloud_user WHERE \(condition)
            """
        ).map { row in
            CloudUser(
                id: try row.int("id"), phone: try row.optionalText("phone"),
                phoneSince: try row.optionalDate("phone_since"), userID: try row.optionalText("bsuid"),
                parentID: try row.optionalText("parent_bsuid"), username: try row.optionalText("username"),
                name: try row.optionalText("name"), refusesMarketing: try row.bool("refuses_marketing"),
                mergedInto: try row.optionalInt("merged_into"), revision: try row.int("revision"),
                seenAt: try row.date("seen_at"))
        }
    }
}
