import BotKit
import Foundation

/// Writes all that the tables hold about a person into one file: an archive with `data.json` for programs, `index.html`
/// for people, and the files that belong to them in `media/`; or, for networks that take no archive, a text with both.
struct DataExport: Sendable {
    /// What the file is.
    enum Form: Sendable, CaseIterable {
        case archive
        case text

        var mimeType: String {
            switch self {
            case .archive: "application/zip"
            case .text: "text/plain"
            }
        }
        var suffix: String {
            switch self {
            case .archive: "zip"
            case .text: "txt"
            }
        }

        /// The one that a network takes; the archive where there is a choice.
        init(for abilities: Abilities?) { self = abilities?.takes(Self.archive.mimeType) == false ? .text : .archive }

        /// The one of a file that has its name already.
        init(ofFile name: String) { self = name.hasSuffix(".\(Self.text.suffix)") ? .text : .archive }
    }

    /// How many rows are held in memory.
    private static let page = 200

    let database: any Database
    let personalData: [PersonalData]
    let folder: URL
    let phrasebook: Phrasebook

    /// The file of an export. It outlives the process, which may be killed before it is sent.
    static func fileName(of export: Int64, as form: Form) -> String { "martlet-export-\(export).\(form.suffix)" }

    func file(of export: Int64, as form: Form) -> URL {
        folder.appending(path: Self.fileName(of: export, as: form), directoryHint: .notDirectory)
    }

    /// Removes the file of an export; what is not there needs no removal.
    func remove(_ export: Int64) {
        for form in Form.allCases { try? FileManager.default.removeItem(at: file(of: export, as: form)) }
    }

    /// - Throws: `DatabaseError`, `Outage` when the disk does not take it.
    func write(
        _ scope: PersonScope, as form: Form, in language: Language, at time: Date, to file: URL
    ) async throws {
        try makeFolder()
        let name = "draft-\(file.lastPathComponent)"
        func place(_ suffix: String) -> URL {
            folder.appending(path: name + suffix, directoryHint: .notDirectory)
        }
        let (json, readable, archive) = (place(".json"), place(".page"), place(".zip"))
        func sweep() { for url in [json, readable, archive] { try? FileManager.default.removeItem(at: url) } }
        // A process that was killed may have left them.
        sweep()
        defer { sweep() }
        var data = try ExportFile(json)
        var page = try ExportFile(readable)
        let layout = layout(form, language)
        try data.write(try Self.opening(scope, at: time))
        try page.write(layout.opening(at: time))
        var media: [(name: String, file: URL)] = []
        var isFirst = true
        for table in personalData {
            guard let condition = scope.condition(on: table) else { continue }
            var last: SQLValue?
            var count = 0
            while true {
                try Task.checkCancellation()
                let rows = try await rows(of: table, where: condition, after: last)
                for row in rows {
                    if count == 0 {
                        try data.write("\(isFirst ? "" : ",")\n\"\(table.table.text)\": [")
                        try page.write(layout.sectionOpening(table))
                        isFirst = false
                    }
                    let record = try ExportRecord(row, of: table)
                    try data.write("\(count == 0 ? "" : ",")\n\(try record.json())")
                    try page.write(layout.article(record, of: table))
                    if let file = self.file(of: row, in: table) {
                        media.append(("media/\(file.lastPathComponent)", file))
                    }
                    count += 1
                }
                guard rows.count == Self.page, let key = try rows.last?.value("export_key") else { break }
                last = key
            }
            if count > 0 {
                try data.write("\n]")
                try page.write(layout.sectionEnd)
            }
        }
        try data.write("\n}}\n")
        try page.write(layout.end(isEmpty: isFirst))
        try data.close()
        switch form {
        case .archive:
            try page.close()
            try ZipArchive.write([("data.json", json), ("index.html", readable)] + media, to: archive)
            try Self.publish(archive, as: file)
        case .text:
            // No table has files yet that such a network could take with it.
            try page.append(json)
            try page.close()
            try Self.publish(readable, as: file)
        }
    }

    private func layout(_ form: Form, _ language: Language) -> any ExportLayout {
        switch form {
        case .archive: ExportPage(phrasebook: phrasebook, language: language)
        case .text: ExportText(phrasebook: phrasebook, language: language)
        }
    }

    /// Makes the folder, closed to others, and removes what a process left that was killed: an export takes less than a
    /// day.
    private func makeFolder() throws {
        do {
            try FileManager.default.createDirectory(
                at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
            let files = try FileManager.default.contentsOfDirectory(
                at: folder, includingPropertiesForKeys: [.contentModificationDateKey])
            for file in files where file.lastPathComponent.hasPrefix("draft-") {
                let changed = try file.resourceValues(forKeys: [.contentModificationDateKey]).contentModificationDate
                if let changed, changed.timeIntervalSinceNow < -86_400 { try FileManager.default.removeItem(at: file) }
            }
        } catch {
            throw Outage("disk", "the folder for exports cannot be made in MARTLET_HOME")
        }
    }

    private func rows(of table: PersonalData, where condition: SQL, after last: SQLValue?) async throws -> [Row] {
        let start: SQL = last.map { " AND \(Erasure.rowKey) > \($0)" } ?? ""
        return try await database.rows(
            """
            SELECT \(Erasure.rowKey) AS export_key, \(name: table.table).* FROM \(name: table.table)
            WHERE \(condition)\(start) ORDER BY \(Erasure.rowKey) LIMIT \(Self.page)
            """)
    }

    /// The file that belongs to a row, if there is one in our folder. Earlier exports are none of the data.
    private func file(of row: Row, in table: PersonalData) -> URL? {
        guard let column = table.file, table.table != "data_export",
            let name = try? row.optionalText(column.text), !name.isEmpty, !name.contains("/")
        else { return nil }
        let url = folder.appending(path: name, directoryHint: .notDirectory)
        let values = try? url.resourceValues(forKeys: [.isRegularFileKey, .isSymbolicLinkKey])
        return values?.isRegularFile == true && values?.isSymbolicLink != true ? url : nil
    }

    private static func opening(_ scope: PersonScope, at time: Date) throws -> String {
        let about: [String: Any] = [
            "format": 1, "made_by": "Martlet", "made_at": time.formatted(.iso8601),
            "names": scope.members.map(\.rawValue), "direct_chats": scope.chats.map(\.rawValue),
        ]
        let data = try JSONSerialization.data(withJSONObject: about, options: [.sortedKeys, .withoutEscapingSlashes])
        return "{\"about\": \(String(decoding: data, as: UTF8.self)), \"tables\": {"
    }

    /// Gives the whole file its name, in place of one that was cut short.
    private static func publish(_ archive: URL, as file: URL) throws {
        do {
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: archive.path)
            if FileManager.default.fileExists(atPath: file.path) { try FileManager.default.removeItem(at: file) }
            try FileManager.default.moveItem(at: archive, to: file)
        } catch {
            throw Outage("disk", "an export cannot be put in its place")
        }
    }
}
