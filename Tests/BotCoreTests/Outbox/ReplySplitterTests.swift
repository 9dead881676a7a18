import BotKit
import Foundation
import Testing

@testable import BotCore

@Suite struct ReplySplitterTests {
    @Test(arguments: [1, 2, 3, 9])
    func `what is shown of a long text is what its messages say, without the notice`(count: Int) {
        let notice = "(cut)"
        let text = (1...60).map { "word\($0)" }.joined(separator: " ")
        let splitter = ReplySplitter(maxMessages: count)
        let reply = RenderedReply(content: .text(text), quotes: nil, language: .english)
        let said = splitter.split(reply, limit: 60, notice: notice).compactMap { reply -> String? in
            guard case .text(let text) = reply.content else { return nil }
            return text
        }
        let shown = splitter.shown(of: text, limit: 60, notice: notice)
        func words(_ text: String) -> [Substring] { text.split(whereSeparator: \.isWhitespace) }
        #expect(words(shown) == words(said.joined(separator: " ")).filter { $0 != "(cut)" })
        #expect(shown == text || count < 9)
    }

    private func split(_ text: String, limit: Int, into count: Int = 3, notice: String = "(cut)") -> [String] {
        ReplySplitter(maxMessages: count)
            .split(RenderedReply(content: .text(text), quotes: "q"), limit: limit, notice: notice)
            .map { $0.text ?? "" }
    }

    private func words(_ count: Int, _ word: String = "word") -> String {
        Array(repeating: word, count: count).joined(separator: " ")
    }

    @Test func `leaves alone what fits exactly`() {
        let text = String(repeating: "x", count: 50)
        #expect(split(text, limit: 50) == [text])
        #expect(split(text + "y", limit: 50) == [text, "y"])
    }

    @Test func `cuts at a paragraph, else a line, else a sentence, else a word`() {
        let head = words(7)
        #expect(head.utf16.count == 34)
        #expect(
            split("\(head)\n\nnext line\nmore. And so on and on", limit: 50) == [
                head, "next line\nmore. And so on and on",
            ])
        #expect(split("\(head)\nnext. And so on and on", limit: 50) == [head, "next. And so on and on"])
        #expect(split("\(head). Next so on and on and on", limit: 50) == ["\(head).", "Next so on and on and on"])
        #expect(split("\(head) nextwordisverylongindeed", limit: 50) == [head, "nextwordisverylongindeed"])
        #expect(split(String(repeating: "x", count: 70), limit: 50).map(\.count) == [50, 20])
    }

    @Test func `does not cut early only because there is a paragraph`() {
        let text = "Hi.\n\n" + words(20)
        #expect(split(text, limit: 60)[0].utf16.count > 30)
    }

    @Test func `never cuts inside a character, however many units it takes`() {
        let family = "👨‍👩‍👧‍👦"
        #expect(family.utf16.count == 11)
        let parts = split(String(repeating: family, count: 12), limit: 50, into: 20)
        #expect(parts.map(\.count) == [4, 4, 4])
        #expect(parts.allSatisfy { $0.allSatisfy { $0 == Character(family) } })
        #expect(split(String(repeating: "e\u{301}", count: 30), limit: 11, into: 20).allSatisfy { $0.count == 5 })
    }

    @Test func `a character that is longer than a message is cut between scalars`() {
        let tower = "a" + String(repeating: "\u{301}", count: 100)
        let parts = split("\(tower) end", limit: 40, into: 20)
        #expect(parts.allSatisfy { $0.utf16.count <= 40 && !$0.isEmpty })
        #expect(parts.joined().unicodeScalars.count { $0 == "\u{301}" } == 100)
        let flags = "a" + String(repeating: "\u{E0067}", count: 50)
        #expect(split(flags, limit: 21, into: 20).allSatisfy { $0.utf16.count <= 21 && !$0.isEmpty })
    }

    @Test func `cuts Hebrew at its sentences and counts its letters as one unit each`() {
        let sentence = "שלום לכולם, מה שלומכם היום."
        let text = Array(repeating: sentence, count: 8).joined(separator: " ")
        let parts = split(text, limit: 60, into: 4)
        #expect(parts.allSatisfy { $0.utf16.count <= 60 && $0.hasSuffix(".") })
        #expect(parts.first == "\(sentence) \(sentence)")
    }

    @Test(arguments: [20, 64, 257, 4_096])
    func `says at most three messages within the limit, and that it was cut`(_ limit: Int) {
        for text in [words(5_000), String(repeating: "ש", count: 30_000), String(repeating: "🏳️‍🌈", count: 5_000)] {
            let parts = split(text, limit: limit)
            #expect(parts.count == 3)
            #expect(parts.allSatisfy { $0.utf16.count <= limit && !$0.isEmpty })
            #expect(parts[2].hasSuffix("\n\n(cut)"))
        }
    }

    @Test func `leaves out a notice that is longer than what it stands beside`() {
        let parts = split(words(100), limit: 10, notice: "this notice is longer than a message")
        #expect(parts.count == 3)
        #expect(parts.allSatisfy { $0.utf16.count <= 10 && !$0.isEmpty })
    }

    @Test func `loses no word and sends no empty message`() {
        var text = ""
        for number in 1...200 { text += "word\(number)" + [" ", "\n", "\n\n", ". ", "  \n \n "][number % 5] }
        let parts = split(text, limit: 100, into: 1_000)
        #expect(parts.allSatisfy { !$0.isEmpty && $0.utf16.count <= 100 })
        let all = parts.joined(separator: " ").split { !$0.isLetter && !$0.isNumber }
        #expect(all == (1...200).map { "word\($0)" })
    }

    @Test func `only the first message quotes`() {
        let parts = ReplySplitter(maxMessages: 3)
            .split(RenderedReply(content: .text(words(30)), quotes: "q"), limit: 60, notice: "")
        #expect(parts.map(\.quotes) == ["q", nil, nil])
    }

    @Test func `leaves menus and reactions whole`() {
        let menu = RenderedReply(content: .menu(question: words(100), options: []))
        #expect(ReplySplitter(maxMessages: 3).split(menu, limit: 10, notice: "") == [menu])
    }
}
