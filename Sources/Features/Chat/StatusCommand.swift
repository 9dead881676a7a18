import BotKit
import Foundation

/// `!status` says which model answers and how much of the conversation it sees.
struct StatusCommand: Command {
    let conversation: Conversation
    let settings: ChatSettings
    let modelName: String
    let startedAt: Date

    let words: Set<String> = ["status", "סטטוס"]
    let usage = Text(
        "chat.status_usage", en: "!status – which model answers, and how I am",
        he: "!status – איזה מודל עונה ומה מצבי")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let limit = turn.settings[ChatRuntimeSettings.contextTokens] ?? settings.contextTokens
        let window = try await conversation.window(of: turn.chat.id, budget: limit)
        // A message from before a restart is answered after it.
        let minutes = max(0, Int(turn.receivedAt.timeIntervalSince(startedAt) / 60))
        return [
            .text(
                .status.with([
                    "model": turn.settings[ChatRuntimeSettings.model] ?? modelName,
                    "messages": "\(window.entries.count)", "tokens": "\(window.tokens)",
                    "limit": "\(limit)", "hours": "\(minutes / 60)", "minutes": "\(minutes % 60)",
                ]))
        ]
    }
}

extension Text {
    fileprivate static let status = Text(
        "chat.status",
        en: """
            I'm up and running.
            Model: {model}
            I remember {messages} messages of this conversation ({tokens} of {limit} tokens).
            Running for {hours} h {minutes} min.
            """,
        he: """
            אני פעיל ועובד.
            מודל: {model}
            אני זוכר {messages} הודעות מהשיחה הזאת ({tokens} מתוך {limit} טוקנים).
            פועל כבר {hours} שעות ו־{minutes} דקות.
            """)
}
