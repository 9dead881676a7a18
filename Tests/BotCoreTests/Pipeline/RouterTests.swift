import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct RouterTests {
    private func command(_ words: Set<String>) -> TestCommand {
        TestCommand(words: words) { _, rest in [.verbatim("\(words.sorted()[0]): \(rest)")] }
    }

    private func router(_ responders: [any Responder]) -> Router { Router([TestFeature(responders: responders)]) }

    private func answer(_ turn: Turn, _ responders: any Responder...) async throws -> [String] {
        let reply = try await router(responders).route(for: turn).responder.answer(turn)
        return reply.replies.map {
            $0.rendered(in: turn.language, by: Phrasebook(), quoting: nil).text ?? ""
        }
    }

    @Test func `the first that accepts answers`() async throws {
        let first = Answerer(accepting: { $0.text.contains("a") }) { _ in [.verbatim("first")] }
        let second = Answerer { _ in [.verbatim("second")] }
        #expect(try await answer(.sample("abc"), first, second) == ["first"])
        #expect(try await answer(.sample("xyz"), first, second) == ["second"])
    }

    @Test func `an option that is a command runs as if it had been typed`() async throws {
        #expect(
            try await answer(.sample("Yes", choice: "!help now"), command(["help"]), Answerer.echo) == ["help: now"])
    }

    @Test func `what is not for us, and what nobody takes, ends in silence`() {
        let router = router([command(["help"])])
        #expect(throws: Silence.self) {
            try router.route(for: .sample("!help", group: "g", addressing: Addressing.none))
        }
        #expect(throws: Silence.self) { try router.route(for: .sample("hello")) }
    }

    @Test(arguments: ["!hlep", "!halp", "!help2", "/hel", "!HELPP"])
    func `suggests the command that a mistyped one resembles`(_ text: String) async throws {
        let reply = try await answer(.sample(text), command(["help", "start"]), command(["status"]))
        let word = text.lowercased()
        let suggestion = "\(word.prefix(1))help"
        #expect(reply == ["I don't know \(word). Did you mean \(suggestion)?\n1. Yes, \(suggestion)"])
    }

    @Test func `the suggestion runs with what followed the mistyped word`() async throws {
        let turn = Turn.sample("!gtp what is new?")
        let reply = try await router([command(["gpt"])]).route(for: turn).responder.answer(turn).replies[0]
        guard case .menu(let menu) = reply.content else { return #expect(Bool(false), "no menu") }
        #expect(menu.options.map(\.id) == ["!gpt what is new?"])
    }

    @Test(arguments: [
        "!cofnig gpt apiKey sk-MARKER0123456789abcdef", "!cofnig set --all gpt apikey=MARKER",
        "!cofnig —here gpt apiKey: 'MARKER'", "/confg GPT Password MARKER", "!cofnig gpt api\u{200B}Key MARKER",
        "!cofnig apiKey MARKER", "!cofnig gpt.apiKey MARKER", "!cofnig openai_api_key=MARKER",
        "!cofnig set for me gpt apiKey MARKER", "!xyzzy sk-MARKER0123456789abcdef",
        "!cofnig x y z sk-MARKER0123456789abcdef", "!sk-MARKER0123456789abcdef", "!הגדרת gpt מפתח MARKER",
    ])
    func `says a secret of a mistyped command to nobody, and keeps it nowhere`(_ text: String) async throws {
        let turn = Turn.sample(text)
        var config = command(["config", "הגדרות"])
        config.namesSettings = true
        let responder = try router([config]).route(for: turn).responder
        #expect(responder.isWatched)
        let answer = try await responder.answer(turn)
        for language in [Language.english, .hebrew] {
            for reply in answer.replies {
                guard case .menu = reply.content else {
                    let said = reply.rendered(in: language, by: Phrasebook(), quoting: nil).text ?? ""
                    #expect(!said.isEmpty && !said.lowercased().contains("marker"), "\(said)")
                    continue
                }
                #expect(Bool(false), "a button")
            }
        }
        #expect(answer.audit.map(\.outcome) == [.denied] && answer.audit.map { $0.details["reason"] } == ["secret"])
        let database = try SQLiteDatabase.temporary()
        try await database.transaction(CoreSchema.migrations.flatMap(\.statements))
        let inbox = InboxStore(database: database, ids: RowIDs())
        _ = try await inbox.add(inbox.numbered(turn.messages), writes: [])
        try await database.transaction(answer.writes)
        let payload = try await database.rows("SELECT payload FROM inbox")[0].text("payload")
        #expect(!payload.contains("MARKER") && payload.contains("!***"))
    }

    @Test(arguments: [
        "!gtp what is the key to a good song?", "!gtp my keyboard", "!gtp מה בירת צרפת?", "!imagine a monkey",
        "!translate the keyboard", "!תרגם את היסודות",
    ])
    func `words of everyday life are no secrets`(_ text: String) async throws {
        let turn = Turn.sample(text)
        var config = command(["config"])
        config.namesSettings = true
        let responder = try router([command(["gpt"]), config]).route(for: turn).responder
        #expect(!responder.isWatched)
        #expect(try await responder.answer(turn).writes.isEmpty)
    }

    @Test func `suggests in Hebrew, with the command readable within it`() async throws {
        let reply = try await answer(.sample("!hlep", language: .hebrew), command(["help"]))
        #expect(
            reply.first?.hasPrefix("אני לא מכיר את \u{2066}!hlep\u{2069}. התכוונת ל־\u{2066}!help\u{2069}?") == true)
        let hebrew = try await answer(.sample("!עצרר", language: .hebrew), command(["עצור"]))
        #expect(hebrew.first?.contains("!עצור") == true)
    }

    @Test(arguments: ["!xyzzy", "!a", "/somethingelse"])
    func `points to help when nothing is near`(_ text: String) async throws {
        #expect(
            try await answer(.sample(text), command(["help"]), command(["status"]))
                == ["I don't know \(text). Send !help to see what I can do."])
    }

    @Test func `in a group a word that may be another bot's is left alone, a slip is not`() async throws {
        let router = router([command(["help"])])
        #expect(throws: Silence.self) { try router.route(for: .sample("!ban", group: "g", addressing: .prefix)) }
        #expect(try await answer(.sample("!hlep", group: "g", addressing: .prefix), command(["help"])).count == 1)
        // Said to us by reply it is answered.
        #expect(try await answer(.sample("!xyzzy", group: "g", addressing: .reply), command(["help"])).count == 1)
    }

    @Test func `says that a file is too large, but not unasked in a group`() {
        let refusal = #expect(throws: Refusal.self) {
            try router([]).route(for: .sample("", content: .fileTooLarge))
        }
        #expect(refusal?.reason == "media_too_large")
        #expect(throws: Silence.self) {
            try router([]).route(for: .sample("", group: "g", addressing: .always, content: .fileTooLarge))
        }
    }

    @Test func `says when it cannot read a kind of message, but not unasked in a group`() {
        let router = router([command(["help"])])
        let voice = InboundMessage.Content.media(.sample(kind: .voice))
        #expect(throws: Refusal.self) { try router.route(for: .sample(content: voice)) }
        #expect(throws: Refusal.self) { try router.route(for: .sample(content: .unsupported(kind: "order"))) }
        let inGroup = Turn.sample(group: "g", addressing: .always, content: .unsupported(kind: "order"))
        #expect(throws: Silence.self) { try router.route(for: inGroup) }
    }
}
