import BotKit
import Foundation

/// `!export` sends the member a copy of all that is stored about them.
struct ExportCommand: Command {
    let book: any PrivacyBook
    let needs = Permission.exportOwnData
    let words: Set<String> = ["export", "ייצוא"]
    let usage = Text(
        "privacy.export_usage", en: "!export – a copy of all that is stored about you",
        he: "!export – עותק של כל מה ששמור עליך")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard arguments.isEmpty else { throw Refusal.misuse(usage, arguments) }
        switch try await book.requestingExport(for: turn) {
        case .accepted(let job, let writes):
            return Answer(
                [.text(.preparing)], jobs: [job], writes: writes,
                audit: [AuditEntry(.export, of: .member(turn.member.id))])
        case .underWay: throw Refusal(.isBeingPrepared, reason: "export_under_way")
        case .tooSoon(let next):
            let hours = max(1, Int((next.timeIntervalSince(turn.receivedAt) / 3_600).rounded(.up)))
            throw Refusal(.askLater.with(["hours": "\(hours)"]), reason: "export_too_soon")
        }
    }
}

extension Text {
    fileprivate static let preparing = Text(
        "privacy.export_preparing", en: "I am preparing it and send it here as a file.",
        he: "הקובץ בהכנה, ויישלח לכאן.")
    fileprivate static let isBeingPrepared = Text(
        "privacy.export_under_way", en: "A copy is being prepared already; it comes here.",
        he: "עותק כבר בהכנה, והוא יישלח לכאן.")
    fileprivate static let askLater = Text(
        "privacy.export_too_soon", en: "You have just had a copy. You can ask for the next one in {hours} hours.",
        he: "לא מזמן נשלח אליך עותק. אפשר לבקש את הבא בעוד {hours} שעות.")
}
