import BotKit

/// `!gpt question` asks the model.
struct GptCommand: Command {
    let prefix: String
    let partner: ChatPartner

    let takesTime = true
    let costs = true
    let takesSentences = true
    var words: Set<String> { Set(["gpt", PrefixedText.word(of: prefix)].compactMap(\.self)) }
    var usage: Text {
        Text("chat.gpt_usage", en: "{command} question – ask me anything", he: "{command} שאלה – לשאול אותי כל דבר")
            .with(["command": prefix])
    }

    func isCalled(by text: String) -> Bool { PrefixedText(text, prefix: prefix, words: words) != nil }

    func isHeavy(_ turn: Turn) -> Bool { partner.looksAtImages(of: turn) }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        let text = turn.choice ?? turn.text
        let question = PrefixedText(text, prefix: prefix, words: words)?.rest ?? arguments
        guard !question.isEmpty || !turn.media.isEmpty || turn.quoted?.text != nil else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        return try await partner.answer(turn, to: String(question))
    }
}
