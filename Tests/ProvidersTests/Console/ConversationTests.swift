import BotKit
import Foundation
import Testing

@testable import Providers

@Suite(.timeLimit(.minutes(2))) struct ConversationTests {
    let output = RecordedOutput(width: 40)

    private func face(
        editsLines: Bool = true, group: String? = nil, output: RecordedOutput? = nil, colours: Bool = false
    ) throws -> ConversationFace {
        let options = try ConsoleOptions(group: group, environment: colours ? [:] : ["NO_COLOR": "1"])
        return ConversationFace(
            options: options, output: output ?? self.output, terminal: nil, editsLines: editsLines,
            botName: "Martlet", history: nil)
    }

    private func messages(_ requests: [ConsoleRequest]) -> [ConsoleMessage] {
        requests.compactMap { if case .message(let message) = $0 { message } else { nil } }
    }

    /// Types text into a face and gives the messages that it makes.
    @discardableResult
    private func type(_ text: String, into face: ConversationFace) async throws -> [ConsoleMessage] {
        messages(try await face.take(Array(text.utf8)))
    }

    // MARK: - Typing

    @Test func `a line that is typed is sent and stays on the screen`() async throws {
        let face = try face()
        try await face.open()
        #expect(try await type("hel", into: face).isEmpty)
        #expect(output.writes.last == "\r\u{1B}[K\r\u{1B}[K15550000001> hel")
        let message = try #require(try await type("lo\r", into: face).first)
        #expect(message.content == .text("hello"))
        #expect(message.chat == "15550000001")
        #expect(output.writes.last == "\r\u{1B}[K15550000001> hello\n\r\u{1B}[K15550000001> ")
    }

    @Test func `a reply goes above the prompt and leaves what is being typed`() async throws {
        let face = try face()
        try await face.open()
        try await type("half", into: face)
        try await face.show(ConsoleBench.reply(.text("done")), as: "R1")
        #expect(output.writes.last == "\r\u{1B}[KMartlet: done\n\r\u{1B}[K15550000001> half")
    }

    @Test func `the prompt tells of typing until the answer comes`() async throws {
        let face = try face()
        try await face.open()
        let chat = ChatID(account: ConsoleProvider.account, name: "15550000001")
        try await face.showTyping(in: chat)
        #expect(output.writes.last?.hasSuffix("… 15550000001> ") == true)
        try await face.show(ConsoleBench.reply(.text("done")), as: "R1")
        #expect(output.writes.last?.contains("…") == false)
        try await face.showTyping(in: chat)
        try await face.showIdle()
        #expect(output.writes.last?.contains("…") == false)
    }

    @Test func `Ctrl-D ends, and plain lines follow the end`() async throws {
        let face = try face()
        try await face.open()
        #expect(try await face.take([4]) == [.quit])
        await face.close()
        await face.close()
        try await face.show(ConsoleBench.reply(.text("late")), as: "R1")
        #expect(output.writes.last == "Martlet: late\n")
        #expect(output.writes.filter { $0.contains("\u{1B}[?2004l") }.count == 1)
    }

    @Test func `lines without a terminal need no editor and get no prompt`() async throws {
        let plain = RecordedOutput()
        let face = try face(editsLines: false, output: plain, colours: true)
        try await face.open()
        #expect(try await type("one\ntwo\n\nthr", into: face).map(\.content) == [.text("one"), .text("two")])
        #expect(messages(try await face.finish()).map(\.content) == [.text("thr")])
        try await face.show(ConsoleBench.reply(.text("answer")), as: "R1")
        #expect(plain.writes == ["Martlet: answer\n"])
    }

    // MARK: - Replies

    @Test func `words are wrapped below each other`() async throws {
        let face = try face(editsLines: false)
        try await face.show(ConsoleBench.reply(.text("one two three four five six seven eight\n\nnine")), as: "R1")
        #expect(
            output.text == """
                Martlet: one two three four five six
                         seven eight
                \("         ")
                         nine

                """)
    }

    @Test func `a menu is numbered`() async throws {
        let face = try face(editsLines: false)
        let menu = RenderedReply.Content.menu(
            question: "Which?", options: [.init(id: "a", title: "Red"), .init(id: "b", title: "כחול")])
        try await face.show(ConsoleBench.reply(menu), as: "R1")
        #expect(output.lines.prefix(3) == ["Martlet: Which?", "         1. Red", "         2. כחול"])
    }

    @Test(arguments: [
        (
            RenderedReply.Content.link(text: "Look", label: "Open", url: "https://example.org/a"),
            ["Martlet: Look", "         Open: https://example.org/a"]
        ),
        (.locationRequest(text: "Where?"), ["Martlet: Where?", "         type where you are"]),
        (
            .template(name: "news", languageCode: "en", values: [], text: "News"),
            ["Martlet: News", "         template news, en"]
        ),
    ])
    func `what has buttons elsewhere is words`(content: RenderedReply.Content, lines: [String]) async throws {
        let face = try face(editsLines: false)
        try await face.show(ConsoleBench.reply(content), as: "R1")
        #expect(output.lines.prefix(2) == lines[...])
    }

    @Test func `a reply cannot steer the terminal`() async throws {
        let face = try face(editsLines: false)
        try await face.show(ConsoleBench.reply(.text("a\u{1B}]0;title\u{7}b\u{9B}31mc\td")), as: "R1")
        #expect(output.text == "Martlet: a]0;titleb31mc    d\n")
    }

    @Test func `another chat is named, an older message is quoted`() async throws {
        let face = try face()
        let first = try #require(try await type("first\r", into: face).first)
        let second = try #require(try await type("second\r", into: face).first)
        try await face.show(ConsoleBench.reply(.text("to first"), quotes: first.id), as: "R1")
        #expect(output.writes.last?.contains("↪ first") == true)
        try await face.show(ConsoleBench.reply(.text("to second"), quotes: second.id), as: "R2")
        #expect(output.writes.last?.contains("↪") == false)
        try await face.show(ConsoleBench.reply(.text("there"), chat: "family"), as: "R3")
        #expect(output.writes.last?.contains("[family]\nMartlet: there") == true)
    }

    @Test func `colours only where they are wanted`() async throws {
        let face = try face(editsLines: false, colours: true)
        try await face.show(ConsoleBench.reply(.text("hi")), as: "R1")
        #expect(output.text == "\u{1B}[1;36mMartlet:\u{1B}[0m hi\n")
    }

    // MARK: - Commands

    @Test func `the user changes number and group`() async throws {
        let face = try face(editsLines: false)
        let said = try await type(":as +1 555 000 0002\nhi\n:group family\nall\n:group off\nback\n", into: face)
        #expect(said.map(\.sender.digits) == ["15550000002", "15550000002", "15550000002"])
        #expect(said.map(\.chat) == ["15550000002", "family", "15550000002"])
        #expect(said.map(\.isGroup) == [false, true, false])
    }

    @Test func `a message is quoted by its place, once`() async throws {
        let face = try face(editsLines: false)
        let first = try #require(try await type("first\n", into: face).first)
        try await face.show(ConsoleBench.reply(.text("answer")), as: "R1")
        let said = try await type(":quote 2\na\n:quote 2\nb\nc\n:quote 9\n", into: face)
        #expect(said.map(\.quotes) == [first.id, "R1", nil])
        #expect(output.lines.last?.contains("not so many messages") == true)
    }

    @Test func `the last messages are listed with their places`() async throws {
        let face = try face(editsLines: false)
        try await type("first\n", into: face)
        try await face.show(ConsoleBench.reply(.text("answer")), as: "R1")
        try await type(":history\n", into: face)
        #expect(output.lines.suffix(2) == ["2  you: first", "1  Martlet: answer"])
    }

    @Test func `a picture is sent by its path`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "my cat \(UUID().uuidString).png")
        try Data([1]).write(to: file)
        defer { try? FileManager.default.removeItem(at: file) }
        let face = try face(editsLines: false)
        let said = try await type(":image \"\(file.path)\" what is this?\n:image /nonexistent.png\n", into: face)
        guard case .media(let media) = said.first?.content else { return #expect(Bool(false)) }
        #expect(media.kind == .image)
        #expect(media.caption == "what is this?")
        #expect(said.count == 1)
        #expect(output.lines.last == "that file does not exist")
    }

    @Test(
        arguments: [
            (":-)", nil), ("::help", nil), (":", nil), (": x", nil), ("hello", nil), (":HELP", .help), (":quit", .quit),
            (":as 15550000002x", .wrong(":as wants a telephone number of 7 to 15 digits")), (":group off", .group(nil)),
            (":image  a.png  b c ", .file(path: "a.png", caption: "b c")),
            (":image 'a b'", .file(path: "a b", caption: nil)),
            (":quote 3", .quote(3)),
        ] as [(String, ConsoleCommand?)])
    func `commands are read`(line: String, command: ConsoleCommand?) {
        #expect(ConsoleCommand(line) == command)
    }

    @Test(arguments: [":nonsense", ":quote x", ":quote 0", ":group ", ":image", ":as"])
    func `a wrong command says what is wanted`(line: String) {
        guard case .wrong(let words) = ConsoleCommand(line) else { return #expect(Bool(false)) }
        #expect(!words.isEmpty)
    }

    @Test func `two colons send one`() async throws {
        let face = try face(editsLines: false)
        #expect(try await type("::help\n", into: face).map(\.content) == [.text(":help")])
    }

    @Test func `quitting stops reading, and the answers are still shown`() async throws {
        let bench = try ConsoleBench(manualClock: false, width: 40) {
            ConversationFace(
                options: $0, output: $1, terminal: nil, editsLines: true, botName: "Martlet", history: nil)
        }
        bench.bot.isIdle = false
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await bench.provider.run() }
            bench.input.type("hi\r:quit\rnever\r")
            let asked = bench.bot.asked
            try await bench.until { $0.bot.asked > asked + 3 }
            _ = try await bench.provider.send(ConsoleBench.reply(.text("bye")))
            bench.bot.isIdle = true
            try await group.waitForAll()
        }
        #expect(await bench.inbox.messages.map(\.content) == [.text("hi")])
        #expect(bench.output.writes.last?.hasSuffix(" bye\n") == true)
        #expect(bench.output.writes.last?.contains("> ") == false)
    }
}

@Suite struct TextLayoutTests {
    @Test(arguments: [
        ("one two", 3, ["one two"]), ("one two three", 8, ["one two", "three"]),
        ("a  b", 40, ["a  b"]), ("  indented", 40, ["  indented"]), ("abcdefghijkl", 8, ["abcdefgh", "ijkl"]),
        ("x abcdefghijkl", 8, ["x", "abcdefgh", "ijkl"]), ("日本語日本語", 8, ["日本語日", "本語"]), ("a\n\nb", 8, ["a", "", "b"]),
    ])
    func `text is broken between words`(text: String, columns: Int, lines: [String]) {
        #expect(TextLayout.wrapped(text, columns: columns) == lines)
    }

    @Test func `a snippet is one line`() {
        #expect(TextLayout.snippet("a\nb\u{1B}c") == "a bc")
        #expect(TextLayout.snippet("abcdef", columns: 3) == "abc…")
    }
}
