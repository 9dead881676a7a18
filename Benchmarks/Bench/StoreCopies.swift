import BotKit
import Foundation
import StoreSQLite

/// Fills a store by copying all that it holds of one member to others who never were: rows as the product writes them,
/// of any number, in minutes less than the conversations would take.
struct StoreCopies: Sendable {
    let database: URL
    /// The member who is copied, alone in the store.
    let phone: String

    private static let tables = ["cloud_user", "cloud_chat", "inbox", "outbox", "conversation_entry", "usage_record"]

    /// The phone of a copy, from 1 on.
    static func phone(_ phone: String, copy: Int) -> String { String((Int(phone) ?? 0) + copy) }

    func make(_ count: Int) async throws {
        let store = try SQLiteDatabase.open(database)
        do {
            try await copy(count, in: store)
            try await store.close()
        } catch {
            try await store.close()
            throw error
        }
    }

    private func copy(_ count: Int, in store: SQLiteDatabase) async throws {
        guard let user = try await store.rows("SELECT id FROM cloud_user WHERE phone = \(phone)").first?.int("id")
        else {
            throw BenchmarkFailure("the member who is to be copied is not in the store")
        }
        for table in Self.tables {
            let columns = try await store.rows(
                SQL(stringLiteral: "SELECT name, type FROM pragma_table_info('\(table)')"))
            let names = try columns.map { try $0.text("name") }
            let values = try columns.map { try value(of: $0, in: table, user: user, count: count) }
            let rows = try await store.rows(
                SQL(stringLiteral: "SELECT COUNT(*) AS n, MIN(rowid) AS first FROM \(table)"))
            let first = try rows[0].optionalInt("first") ?? 0
            // Older rows come first, and those of a chat lie as far apart as time would have put them.
            try await store.run(
                SQL(
                    stringLiteral: """
                        WITH RECURSIVE copy (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM copy WHERE i < \(count)),
                            original AS (
                                SELECT *, ROW_NUMBER() OVER (ORDER BY rowid) AS place, \(first) AS first FROM \(table))
                        INSERT INTO \(table) (\(names.joined(separator: ", ")))
                        SELECT \(values.joined(separator: ", ")) FROM original CROSS JOIN copy
                        """))
        }
    }

    /// The expression for a column of copy `i` of a row.
    private func value(of column: Row, in table: String, user: Int64, count: Int) throws -> String {
        let name = try column.text("name")
        if table == "cloud_user", name == "id" { return "\(user) + i" }
        if name == "id" { return "first - (100 - place) * \(count) + i" }
        // What was sent within the last hour counts towards a limit.
        if name == "sent_at" { return "sent_at - 86400000" }
        guard try column.text("type") == "TEXT" else { return name }
        let renamed = "replace(replace(\(name), 'u\(user)', 'u' || (\(user) + i)), '\(phone)', \(phone) + i)"
        return ["unique_key", "network_id", "message_id"].contains(name) ? "\(renamed) || '.' || i" : renamed
    }
}
