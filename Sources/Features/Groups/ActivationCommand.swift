import BotKit

/// `!activation mention|prefix|always` sets when the bot answers in this group.
struct ActivationCommand: Command {
    let needs = Permission.role(.admin)
    let words: Set<String> = ["activation"]
    let usage = Text(
        "groups.activation_usage", en: "!activation mention|prefix|always – when I answer in this group",
        he: "!activation mention|prefix|always – מתי אני עונה בקבוצה הזאת")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard turn.chat.isGroup else { throw Refusal(.onlyInGroups, reason: "only_in_groups") }
        if arguments.isEmpty { return [.text(.now.with(["activation": turn.chat.activation.rawValue]))] }
        guard let activation = Activation(rawValue: arguments.lowercased()) else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        let write: SQL = """
            INSERT INTO chat_setting (chat, activation) VALUES (\(turn.chat.id), \(activation.rawValue))
            ON CONFLICT (chat) DO UPDATE SET activation = excluded.activation
            """
        return Answer([.text(.changed.with(["activation": activation.rawValue]))], writes: [write])
    }
}

extension Text {
    fileprivate static let onlyInGroups = Text(
        "groups.only_in_groups", en: "This command works only in a group.", he: "הפקודה הזאת פועלת רק בקבוצה.")
    fileprivate static let now = Text(
        "groups.activation_now", en: "In this group I answer by the rule {activation}.",
        he: "בקבוצה הזאת אני עונה לפי הכלל {activation}.")
    fileprivate static let changed = Text(
        "groups.activation_changed", en: "From now on I answer in this group by the rule {activation}.",
        he: "מעכשיו אענה בקבוצה הזאת לפי הכלל {activation}.")
}
