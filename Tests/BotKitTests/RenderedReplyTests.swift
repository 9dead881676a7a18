import BotKit
import Foundation
import Testing

@Suite struct RenderedReplyTests {
    private let open = Text("test.open", en: "Open", he: "פתיחה")
    private let look = Text("test.look", en: "Look here", he: "אפשר לראות כאן")

    private func rendered(_ reply: Reply, _ language: Language = .english) -> RenderedReply {
        reply.rendered(in: language, by: Phrasebook(), quoting: "q")
    }

    @Test func `a link is told in the member's language, and in words where there are no buttons`() {
        let link = Reply.link(.text(look), label: .text(open), to: "https://example.org/a")
        #expect(rendered(link).text == "Look here\nOpen: https://example.org/a")
        #expect(rendered(link, .hebrew).text == "אפשר לראות כאן\nפתיחה: https://example.org/a")
        #expect(rendered(link, .hebrew).language == .hebrew)
        #expect(rendered(link).quotes == "q")
    }

    @Test func `a request for the position is its words`() {
        #expect(rendered(.locationRequest(.text(look))).text == "Look here")
        #expect(rendered(.locationRequest(.text(look))).content == .locationRequest(text: "Look here"))
    }

    @Test func `a template says the same in words, in the member's language unless it names one`() {
        var template = Template(name: "look_here", values: [.text(open), .verbatim("Dana")], words: .text(look))
        let values = ["פתיחה", "Dana"]
        #expect(
            rendered(.template(template), .hebrew).content
                == .template(name: "look_here", languageCode: "he", values: values, text: "אפשר לראות כאן"))
        template.languageCode = "en_US"
        #expect(rendered(.template(template)).text == "Look here")
        guard case .template(_, "en_US", _, _) = rendered(.template(template)).content else {
            return #expect(Bool(false), "another language")
        }
    }

    @Test func `what an older program stored can still be read`() throws {
        let stored = #"{"content":{"text":{"_0":"hello"}},"quotes":"q"}"#
        let reply = try JSONDecoder().decode(RenderedReply.self, from: Data(stored.utf8))
        #expect(reply == RenderedReply(content: .text("hello"), quotes: "q"))
    }

    @Test(arguments: [
        RenderedReply.Content.link(text: "a", label: "b", url: "https://example.org"), .locationRequest(text: "a"),
        .template(name: "t", languageCode: "he", values: ["1"], text: "a"),
    ])
    func `comes back from the store as it was`(_ content: RenderedReply.Content) throws {
        let reply = RenderedReply(content: content, quotes: "q", language: .hebrew)
        #expect(try JSONDecoder().decode(RenderedReply.self, from: JSONEncoder().encode(reply)) == reply)
    }
}
