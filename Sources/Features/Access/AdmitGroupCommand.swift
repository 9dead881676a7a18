import BotKit

/// `!allow group` and `!deny group`, sent in a group: whether the bot answers in it.
struct AdmitGroupCommand: Command {
    let book: any AccessBook
    let needs = Permission.admitGroups
    let words: Set<String> = ["allow", "deny"]
    let usage = Text(
        "access.group_usage", en: "!allow group, !deny group – whether I answer in the group in which you send it",
        he: "!allow group, !deny group – אם אענה בקבוצה שבה זה נשלח")

    func isCalled(by text: String) -> Bool {
        guard let call = CommandCall(text), call.isCall(of: words) else { return false }
        return ["group", "קבוצה"].contains(call.arguments.lowercased())
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let isAllowed = CommandCall(turn)?.isCall(of: ["allow"]) == true
        let admission = isAllowed ? Admission.allowed : .denied
        return Answer(
            [.text(isAllowed ? .groupAllowed : .groupDenied)],
            writes: book.admitting(admission, group: turn.chat.id, at: turn.receivedAt),
            audit: [
                AuditEntry(.accessChange, of: .chat(turn.chat.id), details: ["admission": admission.rawValue])
            ])
    }
}

extension Text {
    fileprivate static let groupAllowed = Text(
        "access.group_allowed", en: "From now on I answer everyone in this group.",
        he: "מעכשיו אענה לכולם בקבוצה הזאת.")
    fileprivate static let groupDenied = Text(
        "access.group_denied", en: "From now on I answer nobody in this group but those who run me.",
        he: "מעכשיו אענה בקבוצה הזאת רק למי שמפעיל אותי.")
}
