import BotKit
import Foundation
import WhatsAppWeb

/// The stored entries of one account.
struct WebEntryTable: Sendable {
    /// The most names in one statement: SQLite takes 32,766 values, older builds 999.
    private static let namesAtOnce = 500
    /// What `WebStore` allows.
    private static let longestName = 200

    let database: any Database
    let account: AccountID
    let seal: ValueSeal

    func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]] {
        var found: [StoreKey: [UInt8]] = [:]
        for (kind, keys) in Dictionary(grouping: keys, by: \.kind) {
            for start in stride(from: 0, to: keys.count, by: Self.namesAtOnce) {
                let names = keys[start..<min(start + Self.namesAtOnce, keys.count)].map(\.name)
                let rows = try await database.rows(
                    """
                    SELECT name, value FROM web_entry
                    WHERE account = \(account) AND kind = \(kind.rawValue) AND name IN (\(list: names))
                    """)
                for row in rows {
                    let key = StoreKey(kind, try row.text("name"))
                    found[key] = try seal.open(row.data("value"), for: key)
                }
            }
        }
        return found
    }

    func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry] {
        let start: SQL = name.map { "name > \($0)" } ?? "name >= ''"
        return try await database.rows(
            """
            SELECT name, value FROM web_entry WHERE account = \(account) AND kind = \(kind.rawValue) AND \(start)
            ORDER BY name LIMIT \(max(0, limit))
            """
        ).map { row in
            let name = try row.text("name")
            return StoreEntry(name: name, value: try seal.open(row.data("value"), for: StoreKey(kind, name)))
        }
    }

    /// The statements that make the changes, in their order.
    /// - Throws: `WebError` with `store` for a name that no entry may have.
    func statements(for changes: [StoreChange]) throws -> [SQL] { try changes.map(statement) }

    private func statement(for change: StoreChange) throws -> SQL {
        switch change {
        case .put(let key, let value):
            guard key.name.utf8.count <= Self.longestName, !key.name.utf8.contains(0) else {
                throw WebError(.store, "an entry (\(key.kind.rawValue)) has a name that cannot be stored")
            }
            return """
                INSERT INTO web_entry (account, kind, name, value)
                VALUES (\(account), \(key.kind.rawValue), \(key.name), \(try seal.seal(value, for: key)))
                ON CONFLICT (account, kind, name) DO UPDATE SET value = excluded.value
                """
        case .delete(let key):
            return """
                DELETE FROM web_entry
                WHERE account = \(account) AND kind = \(key.kind.rawValue) AND name = \(key.name)
                """
        case .deleteAll(let kind, let prefix):
            let end: SQL = prefix.firstBeyond.map { " AND name < \($0)" } ?? ""
            return """
                DELETE FROM web_entry
                WHERE account = \(account) AND kind = \(kind.rawValue) AND name >= \(prefix)\(end)
                """
        }
    }
}

extension String {
    /// The first text, in the order of bytes, after all that begin with this one; `nil` when there is none.
    fileprivate var firstBeyond: String? {
        var scalars = Array(unicodeScalars)
        while let last = scalars.popLast() {
            // Between U+D7FF and U+E000 there are no characters.
            let next = last.value == 0xD7FF ? 0xE000 : last.value + 1
            guard let scalar = Unicode.Scalar(next) else { continue }
            scalars.append(scalar)
            return String(String.UnicodeScalarView(scalars))
        }
        return nil
    }
}
