import BotKit
import Foundation

/// `!audit last [N] [FILTERS]` shows an owner the newest entries of the audit, in a direct chat; that is recorded, too.
struct AuditCommand: Command {
    /// How many can be asked for at once.
    private static let most = 100

    let reader: any AuditReader
    /// How much of an answer its member will see.
    let shown: @Sendable (String, Turn) -> String
    let providers: @Sendable () -> Set<ProviderID>
    let needs = Permission.readAudit
    let words: Set<String> = ["audit"]
    let usage = Text(
        "audit.usage",
        en: "!audit last 20 [ACTION] [done|denied|failed] [NUMBER] [since 2026-03-01] [before 41] – the newest "
            + "privileged acts",
        he: "!audit last 20 [ACTION] [done|denied|failed] [NUMBER] [since 2026-03-01] [before 41] – הפעולות המוגנות "
            + "האחרונות")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let request = try request(arguments)
        // One more tells whether there are older ones.
        let found = try await reader.last(request.limit + 1, of: request.filter)
        let records = fitting(Array(found.prefix(request.limit)), turn)
        guard let newest = records.first, let oldest = records.last else {
            return Answer([.text(.nothing)], audit: [AuditEntry(.auditRead, details: ["entries": "0"])])
        }
        let entry = AuditEntry(
            .auditRead,
            details: [
                "entries": "\(records.count)", "newest": "\(newest.sequence)", "oldest": "\(oldest.sequence)",
            ])
        var replies: [Reply] = [.verbatim(text(of: records))]
        if found.count > records.count {
            let command = (["!audit last"] + request.words + ["before \(oldest.sequence)"]).joined(separator: " ")
            replies.append(.text(.older.with(["command": command])))
        }
        return Answer(replies, audit: [entry])
    }

    /// As many of the newest as the member will see.
    private func fitting(_ records: [AuditRecord], _ turn: Turn) -> [AuditRecord] {
        var records = records
        while records.count > 1 {
            let whole = text(of: records)
            let seen = shown(whole, turn)
            guard seen != whole else { break }
            let share = records.count * seen.utf8.count / whole.utf8.count
            records.removeLast(max(1, records.count - max(1, share)))
        }
        return records
    }

    private func text(of records: [AuditRecord]) -> String {
        records.map {
            [
                "#\($0.sequence)", $0.time.formatted(.iso8601), $0.action, $0.outcome, $0.actor, $0.subject, $0.details,
                $0.reference,
            ].filter { !$0.isEmpty && $0 != "{}" }.joined(separator: " ")
        }.joined(separator: "\n")
    }

    // MARK: - What is asked for

    private struct Request {
        var limit = 20
        var filter = AuditFilter()
        /// The words that ask for it, without the place to begin at.
        var words: [String] = []
    }

    private func request(_ arguments: Substring) throws -> Request {
        var words = arguments.split(whereSeparator: \.isWhitespace)[...]
        guard words.count <= 12, words.popFirst().map({ $0.lowercased() == "last" }) ?? true else { throw wrongUse }
        var request = Request()
        var asked: Set<String> = []
        while let word = words.popFirst() {
            let kind: String
            if let number = Int(word), (1...Self.most).contains(number) {
                (request.limit, kind) = (number, "limit")
            } else if let action = AuditEntry.Action(rawValue: word.uppercased()) {
                (request.filter.action, kind) = (action, "action")
            } else if let outcome = AuditEntry.Outcome(rawValue: word.lowercased()) {
                (request.filter.outcome, kind) = (outcome, "outcome")
            } else if ["since", "before"].contains(word.lowercased()) {
                kind = word.lowercased()
                guard let value = words.popFirst() else { throw wrongUse }
                if kind == "since" {
                    guard let time = AuditFilter.time(value) else { throw wrongUse }
                    request.filter.since = time
                    request.words.append("since \(value)")
                } else {
                    guard let place = Int64(value), place > 0 else { throw wrongUse }
                    request.filter.before = place
                }
            } else if let person = Person(word) {
                try person.require(oneOf: providers())
                (request.filter.person, kind) = (person, "person")
            } else {
                throw wrongUse
            }
            guard asked.insert(kind).inserted else { throw wrongUse }
            if !["since", "before"].contains(kind) { request.words.append(String(word)) }
        }
        return request
    }

    private var wrongUse: Refusal { Refusal(usage, reason: "bad_arguments") }
}

extension Text {
    fileprivate static let nothing = Text(
        "audit.nothing", en: "Nothing of that kind was recorded.", he: "לא נרשם דבר כזה.")
    fileprivate static let older = Text("audit.older", en: "Older ones: {command}", he: "רשומות ישנות יותר: {command}")
}
