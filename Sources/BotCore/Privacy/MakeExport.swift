import BotKit
import Foundation

/// Makes the copy of all that is stored about a member, and sends it.
struct MakeExport: Job {
    static let kind = "privacy.export"
    var export: Int64
}

/// Writes the archive and hands it to the outbox.
struct MakeExportHandler: JobHandler {
    let database: any Database
    let finder: PersonFinder
    let export: DataExport
    let ids: RowIDs
    let concurrency = 2

    func run(_ work: MakeExport, at time: Date) async throws -> JobOutcome {
        let name = Self.fileName(of: work.export)
        let file = export.folder.appending(path: name, directoryHint: .notDirectory)
        guard let row = try await database.rows("SELECT * FROM data_export WHERE id = \(work.export)").first else {
            // Its member had it erased while it was made; what is not there needs no removal.
            try? FileManager.default.removeItem(at: file)
            return .done
        }
        guard try row.text("state") == "making" else { return .done }
        let member: MemberID = try row.id("member")
        let chat: ChatID = try row.id("chat")
        let language: Language = try row.id("language")
        let words = try JSONDecoder().decode([String].self, from: Data(try row.text("words").utf8))
        let scope = try await finder.scope(.person, of: member, in: chat, words: words)
        try await export.write(scope, in: language, at: time, to: file)
        let day = time.formatted(.iso8601.year().month().day())
        let media = OutgoingMedia(
            kind: .document, file: file, mimeType: "application/zip",
            caption: export.phrasebook.string(.exportIsReady, in: language), fileName: "martlet-\(day).zip")
        let made: SQL = """
            UPDATE data_export SET state = 'made', made_at = \(time)
            WHERE id = \(work.export) AND state = 'making'
            """
        return .done(
            deliveries: [Delivery(to: chat, in: language, [.media(media)])],
            writes: [
                made.requiring(rows: 1),
                try .enqueue(
                    RemoveExport(export: work.export), id: ids.next(at: time), at: time.addingTimeInterval(60)),
            ])
    }

    /// The file of an export. It outlives the process, which may be killed before it is sent.
    static func fileName(of export: Int64) -> String { "martlet-export-\(export).zip" }
}

extension Text {
    fileprivate static let exportIsReady = Text(
        "core.export_ready",
        en: "This is all that is stored about you. Open index.html to read it; data.json is for programs.",
        he: "זה כל מה ששמור עליך. כדי לקרוא, פותחים את index.html; הקובץ data.json מיועד לתוכנות.")
}
