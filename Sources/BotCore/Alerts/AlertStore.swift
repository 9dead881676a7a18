import BotKit
import Foundation

/// The tables of the alerts.
struct AlertStore: Sendable {
    let database: any Database

    /// - Returns: `ledger` with what was told.
    func load(into ledger: AlertLedger) async throws -> AlertLedger {
        var ledger = ledger
        for row in try await database.rows("SELECT * FROM alert_state LIMIT 10000") {
            let held = try row.optionalText("held")
            ledger.entries[.init(kind: try row.text("kind"), subject: try row.text("subject"))] = AlertLedger.Entry(
                toldAt: try row.optionalDate("told_at"), suppressed: Int(try row.int("suppressed")),
                isOpen: try row.bool("is_open"),
                // What a newer version wrote is not worth a start that fails.
                held: held.flatMap { try? JSONDecoder().decode(AlertNews.self, from: Data($0.utf8)) })
        }
        ledger.told = (try await mark(Self.told) ?? "").split(separator: ",").compactMap { Int64($0) }
            .map { Date(milliseconds: $0) }
        return ledger
    }

    /// The statements that make the tables say what `new` says.
    static func statements(from old: AlertLedger, to new: AlertLedger) throws -> [SQL] {
        var statements: [SQL] = []
        for (key, entry) in new.entries where old.entries[key] != entry {
            let held = try entry.held.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
            statements.append(
                """
                INSERT INTO alert_state (kind, subject, told_at, suppressed, is_open, held)
                VALUES (\(key.kind), \(key.subject), \(entry.toldAt), \(Int64(entry.suppressed)), \(entry.isOpen), \
                \(held))
                ON CONFLICT (kind, subject) DO UPDATE SET told_at = excluded.told_at,
                    suppressed = excluded.suppressed, is_open = excluded.is_open, held = excluded.held
                """)
        }
        if new.told != old.told {
            statements.append(setting(Self.told, to: new.told.map { "\($0.milliseconds)" }.joined(separator: ",")))
        }
        return statements
    }

    private static let told = "told"

    /// What is remembered under `name`.
    func mark(_ name: String) async throws -> String? {
        try await database.rows("SELECT value FROM alert_mark WHERE name = \(name)").first?.text("value")
    }

    /// The statement that remembers something.
    static func setting(_ name: String, to value: String) -> SQL {
        """
        INSERT INTO alert_mark (name, value) VALUES (\(name), \(value))
        ON CONFLICT (name) DO UPDATE SET value = excluded.value
        """
    }
}
