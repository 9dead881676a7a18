import BotKit
import Testing

@Suite struct CommandCallTests {
    @Test(arguments: [
        ("!gpt hello", "!gpt", "hello"), ("/GPT  hello there ", "/gpt", "hello there"), ("!reset", "!reset", ""),
        ("  \u{200F}!gpt\u{200F} שלום", "!gpt", "שלום"), ("!gpt\nline one\nline two", "!gpt", "line one\nline two"),
        ("!עזרה עכשיו", "!עזרה", "עכשיו"), ("!stop.", "!stop", ""), ("!help!", "!help", ""), ("/reset,", "/reset", ""),
        ("!gpt: hi", "!gpt", "hi"), ("!עצור.\u{200F}", "!עצור", ""), ("!gpt?! ...so", "!gpt", "...so"),
    ])
    func `takes word and arguments apart`(_ text: String, _ word: String, _ arguments: String) throws {
        let call = try #require(CommandCall(text))
        #expect(call.word == word)
        #expect(call.arguments == arguments)
    }

    @Test(arguments: [
        "", "gpt hello", "!", "! gpt", "!!!", "!5 minutes", "/ ", "\u{200F}", "hi !gpt",
        "!" + String(repeating: "a", count: 64),
    ])
    func `is no call`(_ text: String) {
        #expect(CommandCall(text) == nil)
    }

    @Test func `knows its words with either prefix, or with a prefix of their own`() {
        #expect(CommandCall("!help")?.isCall(of: ["help"]) == true)
        #expect(CommandCall("/help")?.isCall(of: ["help"]) == true)
        #expect(CommandCall("!gpt x")?.isCall(of: ["!gpt"]) == true)
        #expect(CommandCall("/gpt x")?.isCall(of: ["!gpt"]) == false)
        #expect(CommandCall("!ask: x")?.isCall(of: ["ask:"]) == true)
        #expect(CommandCall("!stop.it")?.isCall(of: ["stop"]) == false)
        #expect(CommandCall("!helpme")?.isCall(of: ["help"]) == false)
    }

    @Test func `trims what cannot be seen and nothing else`() {
        #expect(" \u{200F}a b\u{2069}\n".trimmingInvisible == "a b")
        #expect("\u{200E}\u{200E} ".trimmingInvisible.isEmpty)
        #expect("👩‍👩‍👧".trimmingInvisible == "👩‍👩‍👧")
    }
}
