import BotKit

/// `!gpt question` asks the model.
struct GptCommand: Command {
    let prefix: String
    let partner: ChatPartner

    let takesTime = true
    let costs = true
    var words: Set<String> { Set(["gpt", PrefixedText.word(of: prefix)].compactMap(\.self)) }
    var usage: Text {
        Text("chat.gpt_usage", en: "{command} question – ask me anything", he: "{command} שאלה – לשאול אותי כל דבר")
            .with(["command": prefix])
    }

    func isCalled(by text: String) -> Bool { PrefixedText(text, prefix: prefix, words: words) != nil }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let text = turn.choice ?? turn.text
        let question = PrefixedText(text, prefix: prefix, words: words)?.rest ?? arguments
        guard !question.isEmpty || !turn.media.isEmpty || turn.quoted?.text != nil else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        return try await partner.answer(turn, to: String(question))
    }
}

/// A text that begins with a command, or with a prefix of the operator's own choice.
struct PrefixedText {
    let rest: Substring

    /// The word of a prefix such as `!ask`, which `!` and `/` may both stand before; `nil` for one of mere signs.
    static func word(of prefix: String) -> String? {
        let word = prefix.lowercased().drop { $0 == "!" || $0 == "/" }
        return word.isEmpty ? nil : String(word)
    }

    init?(_ text: String, prefix: String, words: Set<String>) {
        if let call = CommandCall(text), call.isCall(of: words) {
            rest = call.arguments
            return
        }
        let trimmed = text[...].trimmingInvisible
        guard !prefix.isEmpty, trimmed.prefix(prefix.count).lowercased() == prefix.lowercased() else { return nil }
        let tail = trimmed.dropFirst(prefix.count)
        // A word ends where another sign follows: `!gptx` is another word. A prefix such as `.` needs no such end.
        if prefix.last?.isPartOfWord == true, tail.first?.isPartOfWord == true { return nil }
        rest = tail.trimmingInvisible
    }
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber }
}
