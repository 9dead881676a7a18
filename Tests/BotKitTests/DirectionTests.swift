import BotKit
import Testing

/// How commands and values stand in a Hebrew sentence; the isolates are Unicode's U+2066 and U+2069.
@Suite struct DirectionTests {
    private func hebrew(_ sentence: String, _ values: [String: String] = [:]) -> String {
        Phrasebook().string(Text("test.direction", en: "x", he: sentence).with(values), in: .hebrew)
    }

    @Test(arguments: [
        ("!gpt שאלה – לשאול אותי", "\u{2066}!gpt\u{2069} שאלה – לשאול אותי"),
        ("אפשר לשלוח !help.", "אפשר לשלוח \u{2066}!help\u{2069}."),
        ("אפשר לשלוח /help", "אפשר לשלוח \u{2066}/help\u{2069}"),
        ("(למשל !stop)", "(למשל \u{2066}!stop\u{2069})"),
        ("!set on|off – מתי", "\u{2066}!set on|off\u{2069} – מתי"),
        ("!remind <when> [what] – תזכורת", "\u{2066}!remind <when> [what]\u{2069} – תזכורת"),
        ("אחרי !reset או !stop, כרגיל", "אחרי \u{2066}!reset\u{2069} או \u{2066}!stop\u{2069}, כרגיל"),
    ])
    func `a command stands in isolates, without the punctuation of the sentence`(_ plain: String, _ shown: String) {
        #expect(hebrew(plain) == shown)
    }

    @Test(arguments: [
        "עם ! או / בהתחלה", "!עזרה", "נהדר!", "וואו!!!", "כן/לא", "https://example.org/a/b", "שורה אחת\nשורה שתיים", "",
    ])
    func `what is no command stays as it is`(_ plain: String) { #expect(hebrew(plain) == plain) }

    @Test func `a value in a command's place is isolated once`() {
        #expect(hebrew("!gpt {word} שלום", ["word": "now"]) == "\u{2066}!gpt\u{2069} \u{2066}now\u{2069} שלום")
        #expect(hebrew("התכוונת ל־{word}?", ["word": "!help"]) == "התכוונת ל־\u{2066}!help\u{2069}?")
        // What was filled in is not looked at again.
        #expect(hebrew("{word}", ["word": "לא !help"]) == "לא !help")
    }

    @Test func `English sentences carry no marks`() {
        let text = Text("test.direction", en: "Send !help, {name}.", he: "אפשר !help, {name}.").with(["name": "Dana"])
        #expect(Phrasebook().string(text, in: .english) == "Send !help, Dana.")
    }
}
