import BotKit
import Foundation

/// Erases what was asked for and sends the receipt. What it says about whom stands in the table, which forgets it.
struct WipePersonalData: Job {
    static let kind = "privacy.wipe"
    var wipe: Int64
}

/// Counts, erases, records and tells; each step is stored, so that a wipe which was cut goes on where it stood.
struct WipePersonalDataHandler: JobHandler {
    let database: any Database
    let finder: PersonFinder
    let erasure: Erasure
    let audit: AuditLog
    let phrasebook: Phrasebook
    let ids: RowIDs
    let concurrency = 1

    func run(_ work: WipePersonalData, at time: Date) async throws -> JobOutcome {
        guard let wipe = try await StoredWipe.load(work.wipe, from: database) else { return .done }
        guard wipe.state == .running || wipe.state == .erased else { return .done }
        let scope = try await finder.scope(wipe.range, of: wipe.member, in: wipe.chat, words: wipe.words)
        let counts = try await counted(wipe, scope)
        var hash = wipe.auditHash ?? ""
        if wipe.state == .running {
            try await erasure.erase(scope, [.record], until: wipe.requestedAt)
            hash = try await audit.record(event(of: wipe, rows: counts.values.reduce(0, +)))
            try await database.run(
                "UPDATE data_wipe SET state = 'erased', audit_hash = \(hash) WHERE id = \(wipe.id)"
            )
        }
        let stays = try await erasure.counts(scope, [.decision], until: wipe.requestedAt)
        let receipt = receipt(of: wipe, counts: counts, hash: hash, hasDecisions: !stays.isEmpty)
        let told: SQL = """
            UPDATE data_wipe SET state = 'told', told_at = \(time) WHERE id = \(wipe.id) AND state = 'erased'
            """
        return .done(
            deliveries: [
                Delivery(
                    to: wipe.chat, in: wipe.language, [receipt], about: wipe.range == .part ? wipe.member : nil)
            ],
            writes: [
                told.requiring(rows: 1), try .enqueue(FinishWipe(wipe: wipe.id), id: ids.next(at: time), at: time),
            ])
    }

    /// What there was before anything was erased.
    private func counted(_ wipe: StoredWipe, _ scope: PersonScope) async throws -> [String: Int] {
        if let counts = wipe.counts { return counts }
        var counts = try await erasure.counts(scope, [.record, .address], until: wipe.requestedAt)
        // This wipe itself is none of it.
        counts["data_wipe"] = nil
        let json = String(decoding: try JSONEncoder().encode(counts), as: UTF8.self)
        try await database.run("UPDATE data_wipe SET counts = \(json) WHERE id = \(wipe.id)")
        return counts
    }

    private func event(of wipe: StoredWipe, rows: Int) -> AuditLog.Event {
        AuditLog.Event(
            AuditEntry(
                .wipe, of: wipe.range == .group ? .chat(wipe.chat) : .member(wipe.member),
                details: ["range": wipe.range.rawValue, "rows": "\(rows)", "step": "erased"]),
            by: .member(wipe.member), in: wipe.chat, reference: TurnReference.of(wipe.id))
    }

    private func receipt(of wipe: StoredWipe, counts: [String: Int], hash: String, hasDecisions: Bool) -> Reply {
        var kinds: [(title: String, count: Int)] = []
        for data in erasure.personalData {
            guard let count = counts[data.table.text] else { continue }
            let title = phrasebook.string(data.title ?? .otherData, in: wipe.language)
            if let index = kinds.firstIndex(where: { $0.title == title }) {
                kinds[index].count += count
            } else {
                kinds.append((title, count))
            }
        }
        let lines = kinds.map { Text.erasedKind.with(["kind": $0.title, "count": "\($0.count)"]) }
        return .lines(
            [wipe.range == .group ? .groupErased : .erased] + (lines.isEmpty ? [.nothingWasStored] : lines)
                + (wipe.range == .group ? [.groupSettingsStay] : []) + (hasDecisions ? [.decisionsStay] : []) + [
                    .auditStays.with(["hash": hash])
                ])
    }
}

extension Text {
    static let otherData = Text("core.data_other", en: "Other entries", he: "רשומות אחרות")
    fileprivate static let erased = Text(
        "core.wipe_erased", en: "Done. This was stored about you, and is erased:",
        he: "בוצע. זה מה שהיה שמור עליך, והכול נמחק:")
    fileprivate static let groupErased = Text(
        "core.wipe_group_erased", en: "Done. This was stored about this group, and is erased:",
        he: "בוצע. זה מה שהיה שמור על הקבוצה הזאת, והכול נמחק:")
    fileprivate static let erasedKind = Text("core.wipe_kind", en: "• {kind}: {count}", he: "• {kind}: {count}, נמחקו")
    fileprivate static let nothingWasStored = Text(
        "core.wipe_nothing", en: "• nothing at all", he: "• לא היה שמור דבר")
    fileprivate static let groupSettingsStay = Text(
        "core.wipe_group_settings_stay",
        en: "What !config set for this group stays; !config show lists it, !config unset takes it back.",
        he: "מה שהוגדר לקבוצה הזאת עם !config נשאר; !config show מציג אותו, ו-!config unset מבטל.")
    fileprivate static let decisionsStay = Text(
        "core.wipe_decisions_stay",
        en: "What those who run me decided stays: roles, who is let in or kept out, and locks after wrong tokens.",
        he: "מה שהחליטו מפעילי הבוט נשאר: תפקידים, למי מותר ולמי אסור לפנות, ונעילות אחרי אסימונים שגויים.")
    fileprivate static let auditStays = Text(
        "core.wipe_audit_stays",
        en: "In the audit stays that there was an erasure, under a code name that leads back to nobody without a key. "
            + "Hash of the entry: {hash}. This receipt and your request are erased from here as well.",
        he: "ביומן הביקורת נשאר רק רישום שהייתה מחיקה, תחת שם צופן שלא מוביל אל אף אחד בלי מפתח. "
            + "טביעת הרישום: {hash}. גם הקבלה הזאת והבקשה עצמה נמחקות מכאן.")
}
