import BotKit

/// `!reset` forgets the chat's conversation.
struct ResetCommand: Command {
    let prefix: String
    let conversation: Conversation

    var words: Set<String> { Set(["reset", "איפוס", PrefixedText.word(of: prefix)].compactMap(\.self)) }
    var usage: Text {
        Text("chat.reset_usage", en: "{command} – start a new conversation", he: "{command} – להתחיל שיחה חדשה")
            .with(["command": prefix])
    }

    /// After `!` or `/` more words may follow; a prefix without them is a plain word, and must stand alone.
    func isCalled(by text: String) -> Bool {
        if let call = CommandCall(text) { return call.isCall(of: words) }
        return PrefixedText(text, prefix: prefix, words: words)?.rest.isEmpty ?? false
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let count = try await conversation.count(in: turn.chat.id)
        guard count > 0 else { return [.text(.nothingToForget)] }
        return Answer([.text(.forgotten)], writes: [conversation.removal(of: turn.chat.id)])
    }
}

extension Text {
    fileprivate static let forgotten = Text(
        "chat.forgotten", en: "The conversation was reset. We start fresh.", he: "השיחה אופסה. מתחילים מחדש.")
    fileprivate static let nothingToForget = Text(
        "chat.nothing_to_forget", en: "There is no conversation to reset yet.", he: "עדיין אין שיחה לאפס.")
}
