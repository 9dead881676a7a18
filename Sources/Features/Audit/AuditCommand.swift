import BotKit
import Foundation

/// `!audit last [N] [ACTION]` shows an owner the newest entries of the audit, in a direct chat; that is recorded, too.
struct AuditCommand: Command {
    /// What one answer has room for.
    private static let most = 100

    let reader: any AuditReader
    let needs = Permission.readAudit
    let words: Set<String> = ["audit"]
    let usage = Text(
        "audit.usage", en: "!audit last 20 [ACTION] – the newest privileged acts",
        he: "!audit last 20 [ACTION] – הפעולות המוגנות האחרונות")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let words = arguments.split(whereSeparator: \.isWhitespace)
        guard words.count <= 3, words.first.map({ $0.lowercased() == "last" }) ?? true else { throw wrongUse }
        var limit = 20
        var action: AuditEntry.Action?
        for word in words.dropFirst() {
            if let number = Int(word), (1...Self.most).contains(number) {
                limit = number
            } else if let kind = AuditEntry.Action(rawValue: word.uppercased()) {
                action = kind
            } else {
                throw wrongUse
            }
        }
        let records = try await reader.last(limit, of: action, about: nil)
        let entry = AuditEntry(.auditRead, details: ["entries": "\(records.count)"])
        guard !records.isEmpty else { return Answer([.text(.nothing)], audit: [entry]) }
        let lines = records.map {
            [$0.time.formatted(.iso8601), $0.action, $0.outcome, $0.actor, $0.subject, $0.details, $0.reference]
                .filter { !$0.isEmpty && $0 != "{}" }.joined(separator: " ")
        }
        return Answer([.verbatim(lines.joined(separator: "\n"))], audit: [entry])
    }

    private var wrongUse: Refusal { Refusal(usage, reason: "bad_arguments") }
}

extension Text {
    fileprivate static let nothing = Text(
        "audit.nothing", en: "Nothing was recorded yet.", he: "עדיין לא נרשם דבר.")
}
