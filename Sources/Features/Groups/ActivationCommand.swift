import BotKit

/// `!activation mention|prefix|always` sets when the bot answers in this group.
struct ActivationCommand: Command {
    let needs = Permission.setActivation
    let words: Set<String> = ["activation"]
    let usage = Text(
        "groups.activation_usage", en: "!activation mention|prefix|always – when I answer in this group",
        he: "!activation mention|prefix|always – מתי אני עונה בקבוצה הזאת")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        if arguments.isEmpty { return [.text(turn.chat.activation.rule)] }
        guard let activation = Activation(rawValue: arguments.lowercased()) else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        let write: SQL = """
            INSERT INTO chat_setting (chat, activation) VALUES (\(turn.chat.id), \(activation.rawValue))
            ON CONFLICT (chat) DO UPDATE SET activation = excluded.activation
            """
        let entry = AuditEntry(
            .configurationUpdate, details: ["setting": "activation", "value": activation.rawValue])
        return Answer([.text(activation.rule)], writes: [write], audit: [entry])
    }
}

extension Activation {
    /// The rule in words.
    fileprivate var rule: Text {
        switch self {
        case .mention: .answersMentions
        case .prefix: .answersCommands
        case .always: .answersAll
        }
    }
}

extension Text {
    fileprivate static let answersMentions = Text(
        "groups.answers_mentions", en: "In this group I answer mentions, commands and replies to my messages.",
        he: "בקבוצה הזאת אני עונה כשמזכירים אותי, לפקודות ולתגובות להודעות שלי.")
    fileprivate static let answersCommands = Text(
        "groups.answers_commands", en: "In this group I answer only commands and replies to my messages.",
        he: "בקבוצה הזאת אני עונה רק לפקודות ולתגובות להודעות שלי.")
    fileprivate static let answersAll = Text(
        "groups.answers_all", en: "In this group I answer every message.", he: "בקבוצה הזאת אני עונה לכל הודעה.")
}
