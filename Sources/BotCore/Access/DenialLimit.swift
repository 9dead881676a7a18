import BotKit
import Crypto
import Logging

/// Keeps the audit from being filled with what a member is refused: so often in an hour the same is an entry, and so
/// often all of it. One more entry says that what follows is not listed, for an hour. Acts are always entries.
struct DenialLimit: Sendable {
    /// The same refusal. Above what people do who try a few things, and who only mistype.
    static let ofOne = 40
    /// All refusals of a member: whoever hides one thing behind many others has left an entry that says so.
    static let ofAll = 120
    private static let hour = Duration.seconds(3_600)

    let counters: any Counters
    let logger: Logger

    /// Takes out of what the audit will be told what is too much. What cannot be counted stays in.
    func thin(_ line: inout TurnLine) async {
        guard let turn = line.turn else { return }
        do {
            line.permissions = try await thin(line.permissions, of: turn)
            line.answer.audit = try await thin(line.answer.audit, of: turn)
        } catch {
            logger.warning("denials could not be counted", metadata: ["error": "\(error.safeDescription)"])
        }
    }

    private func thin(_ entries: [AuditEntry], of turn: Turn) async throws -> [AuditEntry] {
        var kept: [AuditEntry] = []
        for entry in entries {
            guard entry.outcome == .denied else {
                kept.append(entry)
                continue
            }
            let rules = [("denial.\(Self.kind(of: entry))", Self.ofOne), ("denials", Self.ofAll)]
            var verdict = FloodVerdict.passed
            for (name, limit) in rules where verdict == .passed {
                let rule = FloodRule(name, for: turn.member.id, limit: limit, in: Self.hour, ban: Self.hour)
                verdict = try await counters.note(1, under: rule, at: turn.receivedAt)
                if verdict == .banned(isNew: true) {
                    let what = limit == Self.ofOne ? "of this kind" : "of any kind"
                    var last = entry
                    last.details["further"] = "\(what) not listed for an hour, after \(limit)"
                    kept.append(last)
                }
            }
            if verdict == .passed { kept.append(entry) }
        }
        return kept
    }

    /// A word for what was refused, whoever it was about: the table of counters names nobody.
    private static func kind(of entry: AuditEntry) -> String {
        let details = entry.details.sorted { $0.key < $1.key }.flatMap { [$0.key, $0.value] }
        let text = ([entry.action.rawValue] + details).joined(separator: "\u{0}")
        return Hexadecimal.text(SHA256.hash(data: Array(text.utf8)).prefix(8))
    }
}
