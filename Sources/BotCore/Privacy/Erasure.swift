import BotKit
import Foundation

/// Removes what every table that declared personal data holds of a person or a group, with the files that belong to it,
/// in small batches.
struct Erasure: Sendable {
    let database: any Database
    let personalData: [PersonalData]
    /// The folder with the files; `nil` where there is none.
    let files: URL?
    /// Rows a statement removes at most, so that the writer is soon free again.
    private static let batch = 500

    /// What names a row in a table of any kind.
    static let rowKey: SQL = "\(sqlite: "rowid", postgres: "ctid")"

    /// How many rows there are, by table.
    func counts(_ scope: PersonScope, _ natures: Set<PersonalData.Nature>, until end: Date) async throws
        -> [String: Int]
    {
        var counts: [String: Int] = [:]
        for data in personalData where natures.contains(data.nature) {
            guard let condition = condition(of: scope, on: data, until: end) else { continue }
            let rows = try await database.rows("SELECT COUNT(*) AS n FROM \(name: data.table) WHERE \(condition)")
            let count = Int(try rows[0].int("n"))
            if count > 0 { counts[data.table.text] = count }
        }
        return counts
    }

    /// - Parameter end: rows that are in use and newer stay: they belong to what was asked later.
    func erase(_ scope: PersonScope, _ natures: Set<PersonalData.Nature>, until end: Date) async throws {
        for data in personalData where natures.contains(data.nature) {
            guard let condition = condition(of: scope, on: data, until: end) else { continue }
            try await erase(data, where: condition)
        }
    }

    private func condition(of scope: PersonScope, on data: PersonalData, until end: Date) -> SQL? {
        guard let condition = scope.condition(on: data) else { return nil }
        guard let unless = data.unless, let time = data.time else { return condition }
        return "\(condition) AND NOT ((\(unless)) AND \(name: time) >= \(end))"
    }

    private func erase(_ data: PersonalData, where condition: SQL) async throws {
        let file: SQL = data.file.map { ", \(name: $0) AS file_name" } ?? ""
        var vain = 0
        while vain < 10 {
            try Task.checkCancellation()
            // Looked for by a reader: however large the table is, the writer only removes.
            let rows = try await database.rows(
                """
                SELECT \(Self.rowKey) AS row_key\(file) FROM \(name: data.table) WHERE \(condition) LIMIT \(Self.batch)
                """)
            guard !rows.isEmpty else { return }
            if data.file != nil { for row in rows { remove(file: try row.optionalText("file_name")) } }
            let keys = try rows.map { try $0.value("row_key") }
            // Keys may pass to other rows when the store is rewritten meanwhile.
            let removed = try await database.run(
                """
                DELETE FROM \(name: data.table) WHERE \(Self.rowKey) IN (\(list: keys)) AND \(condition)
                """)
            vain = removed == 0 ? vain + 1 : 0
        }
        throw Outage("store", "rows that are to be erased come again and again", retryAfter: .seconds(5))
    }

    private func remove(file name: String?) {
        guard let files, let name, !name.contains("/"), !name.isEmpty else { return }
        let found = (try? FileManager.default.contentsOfDirectory(atPath: files.path)) ?? []
        for file in found where file == name || file.hasPrefix("draft-\(name)") {
            // What went away meanwhile needs no removal.
            try? FileManager.default.removeItem(at: files.appending(path: file, directoryHint: .notDirectory))
        }
    }
}
