import BotKit
import Foundation

/// Makes the copy of all that is stored about a member, and sends it.
struct MakeExport: Job {
    static let kind = "privacy.export"
    var export: Int64
}

/// Writes the file and hands it to the outbox.
struct MakeExportHandler: JobHandler {
    let database: any Database
    let finder: PersonFinder
    let export: DataExport
    let ids: RowIDs
    let concurrency = 2

    func run(_ work: MakeExport, at time: Date) async throws -> JobOutcome {
        guard let row = try await database.rows("SELECT * FROM data_export WHERE id = \(work.export)").first else {
            // Its member had it erased while it was made.
            export.remove(work.export)
            return .done
        }
        guard try row.text("state") == "making" else { return .done }
        let form = try DataExport.Form(ofFile: row.text("file"))
        let file = export.file(of: work.export, as: form)
        let member: MemberID = try row.id("member")
        let chat: ChatID = try row.id("chat")
        let language: Language = try row.id("language")
        let words = try JSONDecoder().decode([String].self, from: Data(try row.text("words").utf8))
        let scope = try await finder.scope(.person, of: member, in: chat, words: words)
        try await export.write(scope, as: form, in: language, at: time, to: file)
        let day = time.formatted(.iso8601.year().month().day())
        let caption: Text = form == .archive ? .exportIsReady : .exportTextIsReady
        let media = OutgoingMedia(
            kind: .document, file: file, mimeType: form.mimeType,
            caption: export.phrasebook.string(caption, in: language), fileName: "martlet-\(day).\(form.suffix)")
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
}

extension Text {
    fileprivate static let exportTextIsReady = Text(
        "core.export_text_ready",
        en: "This is all that is stored about you: first to be read, then the same for programs.",
        he: "זה כל מה ששמור עליך: קודם לקריאה, ואחר כך אותו מידע לתוכנות.")
    fileprivate static let exportIsReady = Text(
        "core.export_ready",
        en: "This is all that is stored about you. Open index.html to read it; data.json is for programs.",
        he: "זה כל מה ששמור עליך. כדי לקרוא, פותחים את index.html; הקובץ data.json מיועד לתוכנות.")
}
