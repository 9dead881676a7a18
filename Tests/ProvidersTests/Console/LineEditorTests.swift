import Testing

@testable import Providers

@Suite struct LineEditorTests {
    private func edited(_ keys: Key..., past: [String] = []) -> LineEditorState {
        var editor = LineEditorState(past: past)
        for key in keys { _ = editor.handle(key) }
        return editor
    }

    private func parts(_ editor: LineEditorState) -> [String] { [editor.before, editor.after] }

    @Test func `what is typed stands before the cursor and is submitted whole`() {
        var editor = edited(.text("hello"), .left, .left, .text("XX"))
        #expect(parts(editor) == ["helXX", "lo"])
        #expect(editor.handle(.enter) == .submitted("helXXlo"))
        #expect(editor.text.isEmpty)
    }

    @Test func `home, end, delete and backspace`() {
        #expect(parts(edited(.text("abc"), .home, .text("X"))) == ["X", "abc"])
        #expect(parts(edited(.text("abc"), .home, .delete, .end, .backspace)) == ["b", ""])
        #expect(parts(edited(.backspace, .delete, .left, .right)) == ["", ""])
    }

    @Test func `an emoji of many parts is one step`() {
        #expect(parts(edited(.text("a👨‍👩‍👧b"), .left, .left)) == ["a", "👨‍👩‍👧b"])
        #expect(parts(edited(.text("👍🏽"), .backspace)) == ["", ""])
        #expect(parts(edited(.text("🇮🇱"), .home, .delete)) == ["", ""])
    }

    @Test func `Hebrew is kept in logical order, points with their letter`() {
        let editor = edited(.text("שָׁלוֹם עולם"), .wordLeft, .left, .backspace)
        #expect(parts(editor) == ["שָׁלוֹ", " עולם"])
        // A point that is typed after its letter joins it.
        #expect(parts(edited(.text("ש"), .text("\u{05B8}"), .left)) == ["", "ש\u{05B8}"])
    }

    @Test func `words are moved over and deleted whole`() {
        #expect(parts(edited(.text("one two  three  "), .wordLeft)) == ["one two  ", "three  "])
        #expect(parts(edited(.text("one two"), .home, .wordRight)) == ["one", " two"])
        #expect(parts(edited(.text("one two  "), .deleteWord)) == ["one ", ""])
        #expect(parts(edited(.text("one two"), .deleteWord, .deleteWord, .deleteWord)) == ["", ""])
    }

    @Test func `what was deleted can be put back`() {
        #expect(parts(edited(.text("one two"), .deleteToStart, .text("X"), .putBack)) == ["Xone two", ""])
        #expect(parts(edited(.text("one two"), .home, .deleteToEnd, .putBack, .putBack)) == ["one twoone two", ""])
    }

    @Test func `up and down walk through the past and come back to what was begun`() {
        var editor = edited(.text("draft"), past: ["first", "second"])
        let shown = [Key.up, .up, .up, .down, .down, .down].map { key in
            _ = editor.handle(key)
            return editor.text
        }
        #expect(shown == ["second", "first", "first", "second", "draft", "draft"])
    }

    @Test func `a line that is remembered is the first one up`() {
        var editor = edited(past: ["old"])
        editor.remember("new")
        editor.remember("new")
        _ = editor.handle(.up)
        #expect(editor.text == "new")
        _ = editor.handle(.up)
        #expect(editor.text == "old")
    }

    @Test func `Ctrl-C empties a line, and ends on an empty one`() {
        var editor = edited(.text("abc"))
        #expect(editor.handle(.interrupt) == .abandoned)
        #expect(editor.handle(.interrupt) == .ended)
    }

    @Test func `Ctrl-D ends on an empty line and deletes on another`() {
        var editor = edited(.text("abc"), .home)
        #expect(editor.handle(.endOfInput) == .edited)
        #expect(editor.text == "bc")
        editor = edited()
        #expect(editor.handle(.endOfInput) == .ended)
    }

    @Test func `a line has a limit`() {
        var editor = edited(.text("a"))
        _ = editor.handle(.text(String(repeating: "x", count: LineEditorState.maxBytes)))
        #expect(editor.text == "a")
    }
}

@Suite struct PromptLineTests {
    private func drawn(_ before: String, _ after: String = "", width: Int = 20) -> String {
        PromptLine(prompt: "you> ", before: before, after: after).drawn(width: width)
    }

    @Test func `the cursor is put back behind what is before it`() {
        #expect(drawn("ab") == "\r\u{1B}[Kyou> ab")
        #expect(drawn("ab", "cd") == "\r\u{1B}[Kyou> abcd\r\u{1B}[7C")
    }

    @Test func `a long line shows the part around the cursor and never wraps`() {
        #expect(drawn("0123456789abcdefghij") == "\r\u{1B}[Kyou> 6789abcdefghij")
        #expect(drawn("012345", "6789abcdefghij") == "\r\u{1B}[Kyou> 0123456789abcd\r\u{1B}[11C")
    }

    @Test func `wide characters count twice, line breaks show`() {
        #expect(drawn("日本👍", "x") == "\r\u{1B}[Kyou> 日本👍x\r\u{1B}[11C")
        #expect(drawn("a\nb") == "\r\u{1B}[Kyou> a⏎b")
    }

    @Test(
        arguments: [
            ("a", 1), ("ש", 1), ("שָׁ", 1), ("日", 2), ("👍", 2), ("👨‍👩‍👧", 2), ("🇮🇱", 2), ("❤️", 2), ("é", 1),
            ("\u{200F}", 0), ("한", 2), ("—", 1),
        ] as [(Character, Int)])
    func `characters have their columns`(character: Character, columns: Int) {
        #expect(DisplayWidth.of(character) == columns)
    }
}
