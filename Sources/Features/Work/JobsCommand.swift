import BotKit
import Foundation

/// `!jobs` shows an operator what heavy work waits; `!jobs cancel REFERENCE` takes some of it out of the queue.
struct JobsCommand: Command {
    /// How many pieces an answer shows.
    private static let most = 20

    let queue: any WorkQueue
    let needs = Permission.manageWork
    let words: Set<String> = ["jobs", "משימות"]
    let usage = Text(
        "work.usage", en: "!jobs – heavy work that waits; !jobs cancel REFERENCE takes it out of the queue",
        he: "!jobs – משימות כבדות שממתינות; !jobs cancel REFERENCE מוציא משימה מהתור")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let words = arguments.split(whereSeparator: \.isWhitespace).map(String.init)
        switch (words.first?.lowercased(), words.count) {
        case (nil, _): return try await list(at: turn.receivedAt)
        case ("cancel", 2): return try await cancel(words[1])
        default: throw Refusal(usage, reason: "bad_arguments")
        }
    }

    private func list(at now: Date) async throws -> Answer {
        let work = try await queue.work(limit: Self.most)
        guard work.running + work.waiting > 0 else { return [.text(.nothingWaits)] }
        let counts = ["running": "\(work.running)", "waiting": "\(work.waiting)", "members": "\(work.members)"]
        var lines: [Text] = [.counts.with(counts)]
        lines += work.pieces.enumerated().map { index, piece in
            let age = max(0, Int(now.timeIntervalSince(piece.askedAt)))
            let text: Text = piece.isRunning ? .runs : piece.failures > 0 ? .waitsAgain : .waits
            return text.with([
                "number": "\(index + 1)", "reference": piece.reference, "seconds": "\(age)",
                "failures": "\(piece.failures)",
            ])
        }
        let rest = work.running + work.waiting - work.pieces.count
        if rest > 0 { lines.append(.more.with(["count": "\(rest)"])) }
        return [.lines(lines)]
    }

    private func cancel(_ reference: String) async throws -> Answer {
        let cancelled = try await queue.cancel(reference: reference)
        guard cancelled.count > 0 else {
            throw Refusal(.unknown.with(["reference": String(reference.prefix(20))]), reason: "bad_arguments")
        }
        let entry = AuditEntry(.workCancelled, details: ["work": reference.uppercased()])
        return Answer([.text(.cancelled)], writes: cancelled.writes, audit: [entry])
    }
}

extension Text {
    fileprivate static let nothingWaits = Text(
        "work.nothing", en: "No heavy work waits or runs.", he: "אין משימות כבדות שממתינות או בביצוע.")
    fileprivate static let counts = Text(
        "work.counts", en: "Running: {running}, waiting: {waiting}, members: {members}",
        he: "בביצוע: {running}, ממתינות: {waiting}, משתמשים: {members}")
    fileprivate static let runs = Text(
        "work.runs", en: "{number}. {reference}: running ({seconds} s since it was asked)",
        he: "{number}. {reference}: בביצוע ({seconds} שניות מאז הבקשה)")
    fileprivate static let waits = Text(
        "work.waits", en: "{number}. {reference}: waiting ({seconds} s since it was asked)",
        he: "{number}. {reference}: ממתינה ({seconds} שניות מאז הבקשה)")
    fileprivate static let waitsAgain = Text(
        "work.waits_again",
        en: "{number}. {reference}: waiting to be tried again ({seconds} s since it was asked, failures: {failures})",
        he: "{number}. {reference}: ממתינה לניסיון נוסף ({seconds} שניות מאז הבקשה, כישלונות: {failures})")
    fileprivate static let more = Text("work.more", en: "…and {count} more.", he: "…ועוד {count}.")
    fileprivate static let cancelled = Text(
        "work.cancelled", en: "I took it out of the queue, and tell its member so.",
        he: "הוצאתי את המשימה מהתור, ואודיע על כך למי שביקש אותה.")
    fileprivate static let unknown = Text(
        "work.unknown", en: "No work in the queue has the reference {reference}. !jobs lists them.",
        he: "אין בתור משימה עם האסמכתא {reference}. הפקודה !jobs מציגה את כל המשימות.")
}
