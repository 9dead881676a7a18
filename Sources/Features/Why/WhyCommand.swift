import BotKit

/// `!why` says what became of the message that is quoted, or of the member's last one: why it was answered, or why not,
/// and what changes that. Members learn it of their own messages; operators, and in their group its admins, of all.
struct WhyCommand: Command {
    let records: any TurnRecords
    let permissions: any PermissionCheck
    let words: Set<String> = ["why", "למה"]
    let usage = Text(
        "why.usage", en: "!why – in reply to a message, or else about your last one: why I answered it, or why not",
        he: "!why – בתגובה להודעה, ובלי תגובה על ההודעה האחרונה שלך: למה עניתי עליה, או למה לא")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard arguments.isEmpty else { throw Refusal(usage, reason: "bad_arguments") }
        guard let record = try await record(for: turn) else {
            return [.text(turn.quoted.map { $0.isFromBot ? .unasked : .unknownMessage } ?? .nothingBefore)]
        }
        let isOperator = turn.member.role >= Permission.explainOthers.role
        if record.member != turn.member.id, try await !permissions.holds(.explainOthers, turn) {
            let denial = AuditEntry(
                .permissionDenied, .denied,
                details: ["feature": WhyFeature.name, "permission": Permission.explainOthers.name])
            return Answer([.text(.ofAnother)], audit: [denial])
        }
        let step = isOperator ? record.verdict.map(Text.endedAt) : nil
        let subject: Text? = turn.quoted == nil ? .yourLast : nil
        let texts = Explanation(record, withSettings: isOperator).texts
        return [.lines([subject].compactMap(\.self) + texts + [step].compactMap(\.self))]
    }

    private func record(for turn: Turn) async throws -> TurnRecord? {
        if let quoted = turn.quoted { return try await records.record(of: quoted.id, in: turn.chat.id) }
        return try await records.last(
            of: turn.member.id, in: turn.chat.id, before: turn.id, except: WhyFeature.name)
    }
}

extension Text {
    /// At which step the line of a message ended, and by which rule.
    fileprivate static func endedAt(_ verdict: TurnVerdict) -> Text {
        Text("why.ended_at", en: "Step: {step}. Rule: {rule}.", he: "שלב: {step}. כלל: {rule}.")
            .with(["step": verdict.step.rawValue, "rule": verdict.refusal ?? verdict.reason.rawValue])
    }
    fileprivate static let yourLast = Text(
        "why.your_last", en: "About your last message:", he: "לגבי ההודעה האחרונה שלך:")
    fileprivate static let unasked = Text(
        "why.unasked", en: "Nobody asked for that message: I sent it by myself, as a notice or as news of a task.",
        he: "אף אחד לא ביקש את ההודעה הזאת: שלחתי אותה מעצמי, כהודעה או כעדכון על משימה.")
    fileprivate static let unknownMessage = Text(
        "why.unknown", en: "I do not have that message: it never reached me, or it was too long ago.",
        he: "ההודעה הזאת לא נמצאת אצלי: היא לא הגיעה אליי, או שעבר מאז יותר מדי זמן.")
    fileprivate static let nothingBefore = Text(
        "why.nothing", en: "I have no earlier message of yours here. Reply with !why to the message that you mean.",
        he: "אין לי כאן הודעה קודמת שלך. אפשר להגיב ב-!why להודעה שאליה מתכוונים.")
    fileprivate static let ofAnother = Text(
        "why.of_another",
        en: "What became of a message I tell only its sender, the admins of its group, and those who run me.",
        he: "מה קרה עם הודעה אני מספר רק למי ששלח אותה, למנהלי הקבוצה ולמי שמפעיל אותי.")
}
