import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What a turn is opened as, seen by a responder that takes everything.
@Suite(.timeLimit(.minutes(1))) struct OpeningTests {
    let turns = Recorder<Turn>()

    private func bot(_ settings: [String: String] = [:], also others: [any Responder] = []) async throws -> BotUnderTest
    {
        let all = Answerer(accepting: { _ in true }) { [turns] turn in
            turns.add(turn)
            return [.verbatim("said")]
        }
        return try await BotUnderTest {
            $0.responders = others + [all]
            $0.settings = settings
        }
    }

    /// The turn that a message is opened as by a running bot; `nil` when it is not for us.
    private func open(_ message: InboundMessage, by bot: BotUnderTest) async throws -> Turn? {
        let count = turns.count
        try await bot.receive(message)
        #expect(await bot.isQuiet())
        return turns.count > count ? turns.values.last : nil
    }

    private func open(_ message: InboundMessage, _ settings: [String: String] = [:]) async throws -> Turn? {
        let bot = try await bot(settings)
        return try await bot.run { try await open(message, by: bot) }
    }

    // MARK: - Who, where, what

    @Test func `a direct text becomes a turn with its member and chat`() async throws {
        let turn = try #require(
            try await open(
                .sample("hello", phone: "15550000001"),
                ["OWNER_PHONE_NUMBERS": "15550000002", "ADMIN_PHONE_NUMBERS": "+1 555 000 0001"]))
        #expect(turn.text == "hello")
        #expect(turn.member == Member(id: .sample(), name: "Dana", phone: PhoneNumber("15550000001"), role: .admin))
        #expect(turn.chat.id == .sample() && !turn.chat.isGroup)
        #expect(turn.addressing == .direct)
        #expect(turn.language == .english)
    }

    @Test(arguments: ["", "   ", "\n\t", "\u{200F}\u{200E}", "\u{202E}", "\u{2066}\u{2069} \u{FEFF}"])
    func `a text of nothing is left alone`(_ text: String) async throws {
        let bot = try await bot()
        let turn = try await bot.run { try await open(.sample(text), by: bot) }
        #expect(turn == nil)
        #expect(try await bot.inboxStates() == ["ignored"])
    }

    @Test(arguments: ["👍", "👨‍👩‍👧‍👦🏳️‍🌈", "?!…", "\u{301}\u{302}", "؟"])
    func `a text of emoji or marks is answered`(_ text: String) async throws {
        #expect(try await open(.sample(text))?.text == text)
    }

    @Test func `nothing in a burst does not silence the rest`() async throws {
        let bot = try await bot(["SETTLE_MILLISECONDS": "400"])
        try await bot.run {
            try await bot.receive(.sample("hello"), .sample("\u{200F}"))
            await bot.pass(.seconds(1))
            #expect(turns.count == 1)
        }
        #expect(turns.values.first?.text.hasPrefix("hello") == true)
    }

    @Test(arguments: [
        InboundMessage.Content.reaction(to: "x", emoji: "👍"), .edit(of: "x", text: "new"), .revoke(of: "x"),
    ])
    func `reactions, edits and revocations are left alone`(_ content: InboundMessage.Content) async throws {
        #expect(try await open(.sample(content: content)) == nil)
    }

    @Test func `takes out the marks that make a text read otherwise than it is`() async throws {
        let message = InboundMessage.sample("safe \u{202E}gpj.exe\u{202C} \u{2066}x\u{2069} \u{200F}של")
        #expect(try await open(message)?.text == "safe gpj.exe x \u{200F}של")
    }

    @Test func `a place that no map has does not keep the messages beside it away`() async throws {
        let bot = try await bot()
        try await bot.run {
            try await bot.receive(
                .sample(content: .location(latitude: .infinity, longitude: .nan, name: nil)),
                .sample("hello", from: "omer"))
            #expect(await eventually { turns.count == 2 })
        }
    }

    // MARK: - Size

    @Test func `refuses a text of 10^5 characters kindly`() async throws {
        let bot = try await bot(["BOT_NAMES": "martlet,bot"])
        let texts = [
            String(repeating: "a", count: 100_000), String(repeating: "@martlet ", count: 11_000),
            String(repeating: "@", count: 100_000), String(repeating: "!", count: 100_000),
            String(repeating: "\u{202E}", count: 100_000) + String(repeating: "y ", count: 20_000),
            "a" + String(repeating: "\u{301}", count: 100_000),
        ]
        try await bot.run {
            for (index, text) in texts.enumerated() {
                for group in [nil, "g"] {
                    try await bot.receive(.sample(text, from: "p\(index)", group: group, mentionsBot: true))
                    #expect(await bot.isQuiet())
                }
            }
        }
        // In the group the name was taken out of the second text, and nothing was left.
        #expect(turns.values.map(\.text) == [""])
        #expect(bot.provider.texts.first?.contains("16000") == true)
    }

    @Test func `a length limit of 0 is none`() async throws {
        #expect(try await open(.sample(String(repeating: "a", count: 100_000)), ["MAX_MESSAGE_LENGTH": "0"]) != nil)
    }

    // MARK: - Age

    @Test(arguments: [(false, 86_400.0), (true, 3_600.0)])
    func `what is too old is stored and not answered`(_ isGroup: Bool, _ limit: Double) async throws {
        for (age, isAnswered) in [(limit - 1, true), (limit + 1, false)] {
            let bot = try await bot()
            let sent = Date.monday.addingTimeInterval(-age)
            let message = InboundMessage.sample(
                "hello", group: isGroup ? "g" : nil, at: sent, receivedAt: .monday, mentionsBot: true)
            let turn = try await bot.run { try await open(message, by: bot) }
            #expect((turn != nil) == isAnswered)
            #expect(try await bot.inboxStates() == [isAnswered ? "answered" : "stored"])
        }
    }

    @Test func `an age of 0 answers whatever comes`() async throws {
        let message = InboundMessage.sample(at: .monday.addingTimeInterval(-9_000_000), receivedAt: .monday)
        #expect(try await open(message, ["ANSWER_MAX_AGE_DIRECT_SECONDS": "0"]) != nil)
    }

    // MARK: - Language

    @Test(arguments: [
        ("hello there", "en"), ("שלום לך", "he"), ("!gpt שלום לך", "he"), ("!help", "en"), ("!עזרה", "he"),
        ("👍", "en"), ("123", "en"), ("https://example.org/path שלום", "he"),
    ])
    func `hears the language of a text`(_ text: String, _ language: String) async throws {
        #expect(try await open(.sample(text))?.language.rawValue == language)
    }

    @Test func `remembers the language of a chat`() async throws {
        let bot = try await bot()
        try await bot.run { () async throws in
            #expect(try await open(.sample("שלום לכולם"), by: bot)?.language == .hebrew)
            #expect(try await open(.sample("!help"), by: bot)?.language == .hebrew)
            #expect(try await open(.sample("👍"), by: bot)?.language == .hebrew)
            #expect(try await open(.sample("👍", from: "omer"), by: bot)?.language == .english)
            #expect(try await open(.sample("let us speak English"), by: bot)?.language == .english)
            #expect(try await open(.sample("👍"), by: bot)?.language == .english)
        }
    }

    @Test func `fixed words of a command show nobody's language`() async throws {
        var ask = TestCommand(words: ["ask"]) { [turns] turn, _ in
            turns.add(turn)
            return [.verbatim("said")]
        }
        ask.takesSentences = true
        let bot = try await bot(also: [ask])
        try await bot.run { () async throws in
            #expect(try await open(.sample("שלום לכולם"), by: bot)?.language == .hebrew)
            for form in ["!retention set 999", "/privacy accept", "!wipe K7QXM2", "!jobs cancel"] {
                #expect(try await open(.sample(form), by: bot)?.language == .hebrew, "\(form)")
            }
            #expect(try await open(.sample("!help"), by: bot)?.language == .hebrew)
            #expect(try await open(.sample("!ask what time is it"), by: bot)?.language == .english)
            #expect(try await open(.sample("!retention set 999"), by: bot)?.language == .english)
            #expect(try await open(.sample("!role assign דנה כהן"), by: bot)?.language == .hebrew)
        }
    }

    @Test func `Latin letters do not say English where another language is at home`() async throws {
        let german = ["DEFAULT_LANGUAGE": "de"]
        #expect(try await open(.sample("guten Morgen allerseits"), german)?.language == "de")
        #expect(try await open(.sample("שלום לך"), german)?.language == .hebrew)
        #expect(try await open(.sample("good morning"), ["DEFAULT_LANGUAGE": "he"])?.language == .english)
    }

    // MARK: - Quotations

    @Test func `knows a quoted message of the bot by its id, and what it said`() async throws {
        let bot = try await bot()
        try await bot.run {
            _ = try await open(.sample("hello"), by: bot)
            let id = try #require(bot.provider.accepted.first?.id)
            let turn = try #require(try await open(.sample("what?", quotes: id), by: bot))
            #expect(turn.quoted == QuotedMessage(id: id, text: "said", isFromBot: true))
            // In another chat the same id is somebody else's message.
            let other = try await open(.sample("what?", from: "omer", quotes: id), by: bot)
            #expect(other?.quoted == QuotedMessage(id: id, isFromBot: false))
        }
    }

    @Test func `knows a quoted message of a member, with its image`() async throws {
        let bot = try await bot()
        try await bot.run {
            let image = InboundMessage.sample(id: "img", content: .media(.sample(caption: "a \u{202E}cat")))
            _ = try await open(image, by: bot)
            let turn = try #require(try await open(.sample("what is it?", quotes: "img"), by: bot))
            #expect(turn.quoted?.text == "a cat")
            #expect(turn.quoted?.media == .sample(caption: "a \u{202E}cat"))
            #expect(turn.quoted?.isFromBot == false)
        }
    }

    // MARK: - Menus

    @Test(arguments: [
        ("1", "!one"), (" 2 ", "!two"), ("second", "!two"), ("3", nil), ("0", nil), ("-1", nil), ("one two", nil),
    ])
    func `a number or the words of an option choose it`(_ text: String, _ choice: String?) async throws {
        let menu = Menu(
            question: .verbatim("which?"),
            options: [.init(id: "!one", title: .verbatim("First")), .init(id: "!two", title: .verbatim("Second"))])
        let bot = try await bot(also: [TestCommand(words: ["menu"]) { _, _ in [.menu(menu)] }])
        try await bot.run { () async throws in
            #expect(try await open(.sample("!menu"), by: bot) == nil)
            #expect(try await open(.sample(text), by: bot)?.choice == choice)
            // Nobody else was asked.
            #expect(try await open(.sample("1", from: "omer"), by: bot)?.choice == nil)
        }
    }

    @Test func `a menu is chosen from once, for ten minutes, and a new one takes its place`() async throws {
        @Sendable func menu(_ id: String) -> Menu {
            Menu(question: .verbatim("which?"), options: [.init(id: id, title: .verbatim("this"))])
        }
        let bot = try await bot(also: [TestCommand(words: ["menu"]) { _, rest in [.menu(menu(String(rest)))] }])
        try await bot.run {
            _ = try await open(.sample("!menu a"), by: bot)
            #expect(try await open(.sample("1"), by: bot)?.choice == "a")
            #expect(try await open(.sample("1"), by: bot)?.choice == nil)
            _ = try await open(.sample("!menu b"), by: bot)
            _ = try await open(.sample("!menu c"), by: bot)
            #expect(try await open(.sample("1", at: .monday.adding(.seconds(599))), by: bot)?.choice == "c")
            _ = try await open(.sample("!menu !menu d"), by: bot)
            // What was chosen is a command that shows the next menu.
            #expect(try await open(.sample("1"), by: bot) == nil)
            #expect(try await open(.sample("1"), by: bot)?.choice == "d")
            _ = try await open(.sample("!menu e"), by: bot)
            #expect(try await open(.sample("1", at: .monday.adding(.seconds(601))), by: bot)?.choice == nil)
        }
    }

    @Test func `in a group the number of the member who was asked is for us, by any rule`() async throws {
        let bot = try await bot(
            ["GROUP_ACTIVATION": "prefix"],
            also: [
                TestCommand(words: ["menu"]) { _, _ in
                    [.menu(Menu(question: .verbatim("?"), options: [.init(id: "a", title: .verbatim("Red"))]))]
                }
            ])
        try await bot.run {
            // Where there are buttons elsewhere, groups have none.
            bot.provider.set(Abilities(textLimit: 4_096, buttons: 3))
            _ = try await open(.sample("!menu", group: "g"), by: bot)
            #expect(try await open(.sample("1", from: "omer", group: "g"), by: bot) == nil)
            #expect(try await open(.sample("lunch?", group: "g"), by: bot) == nil)
            let turn = try await open(.sample("1", group: "g"), by: bot)
            #expect(turn?.choice == "a" && turn?.addressing == .reply)
            #expect(try await open(.sample("1", group: "g"), by: bot) == nil)
        }
    }

    @Test func `a title is chosen by its words without the marks that it is shown with`() async throws {
        let title = Text("test.yes", en: "Yes, {word}", he: "כן, {word}").with(["word": "!help"])
        let bot = try await bot(also: [
            TestCommand(words: ["menu"]) { _, _ in
                [.menu(Menu(question: .verbatim("?"), options: [.init(id: "a", title: .text(title))]))]
            }
        ])
        try await bot.run {
            _ = try await open(.sample("!menu שלום לך"), by: bot)
            #expect(bot.provider.texts.last?.contains("1. כן, \u{2066}!help\u{2069}") == true)
            #expect(try await open(.sample("כן, !help"), by: bot)?.choice == "a")
        }
    }

    // MARK: - Only with a prefix

    static let unprefixed: [InboundMessage.Content] = [
        .text("hello"), .text("👍"), .media(.sample()), .media(.sample(caption: "look")),
        .media(.sample(kind: .voice)), .media(.sample(kind: .document, caption: "known report")),
        .location(latitude: 1, longitude: 2, name: "Office"), .contacts(["Dana"]), .unsupported(kind: "order"),
    ]

    @Test(arguments: unprefixed)
    func `with PREFIX_ENABLED what has no prefix is met with silence`(_ content: InboundMessage.Content) async throws {
        let bot = try await bot(["PREFIX_ENABLED": "true"])
        try await bot.run { () async throws in
            #expect(try await open(.sample(content: content), by: bot) == nil)
            #expect(bot.provider.sendings.isEmpty)
            #expect(try await bot.inboxStates() == ["ignored"])
        }
    }

    @Test func `with PREFIX_ENABLED a prefix is heard, also in a caption, and so is an answer to a menu`() async throws
    {
        let menu = Menu(question: .verbatim("?"), options: [.init(id: "a", title: .verbatim("Red"))])
        let bot = try await bot(
            ["PREFIX_ENABLED": "true"],
            also: [
                TestCommand(words: ["known"]) { turn, _ in [.verbatim("\(turn.media.count) files")] },
                TestCommand(words: ["menu"]) { _, _ in [.menu(menu)] },
            ])
        try await bot.run {
            _ = try await open(.sample("/known"), by: bot)
            _ = try await open(.sample(content: .media(.sample(caption: "!known thing"))), by: bot)
            #expect(bot.provider.texts == ["0 files", "1 files"])
            _ = try await open(.sample("!xyzzy"), by: bot)
            #expect(bot.provider.texts.count == 3)
            _ = try await open(.sample("!menu"), by: bot)
            #expect(try await open(.sample("red"), by: bot)?.choice == "a")
            #expect(try await open(.sample(content: .choice(id: "b", title: "B")), by: bot)?.choice == "b")
        }
    }

    @Test func `a tapped option is a choice, and buttons need no numbers`() async throws {
        let bot = try await bot(also: [
            TestCommand(words: ["menu"]) { _, _ in
                [.menu(Menu(question: .verbatim("?"), options: [.init(id: "a", title: .verbatim("A"))]))]
            }
        ])
        try await bot.run {
            bot.provider.set(Abilities(textLimit: 4_096, buttons: 3))
            _ = try await open(.sample("!menu"), by: bot)
            #expect(try await open(.sample("1"), by: bot)?.choice == nil)
            let tapped = try await open(.sample(content: .choice(id: "a", title: "A")), by: bot)
            #expect(tapped?.choice == "a" && tapped?.text == "A")
        }
    }
}
