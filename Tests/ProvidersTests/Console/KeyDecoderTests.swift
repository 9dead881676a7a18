import Testing

@testable import Providers

@Suite struct KeyDecoderTests {
    private func keys(_ pieces: String...) -> [Key] {
        var decoder = KeyDecoder()
        return pieces.flatMap { decoder.decode(Array($0.utf8)) }
    }

    @Test func `letters of all alphabets are text, joined`() {
        #expect(keys("abc שלום 👨‍👩‍👧") == [.text("abc שלום 👨‍👩‍👧")])
    }

    @Test func `a character that is cut waits for its rest`() {
        var decoder = KeyDecoder()
        let bytes = Array("ש👍".utf8)
        #expect(bytes.flatMap { decoder.decode([$0]) } == [.text("ש"), .text("👍")])
    }

    @Test func `bytes that are no UTF-8 are dropped`() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0xFF, 0x61, 0xC3, 0x28, 0xE0, 0x80, 0x62]) == [.text("a(b")])
    }

    @Test(arguments: [
        ("\u{1B}[A", Key.up), ("\u{1B}[B", .down), ("\u{1B}[C", .right), ("\u{1B}[D", .left), ("\u{1B}OA", .up),
        ("\u{1B}[H", .home), ("\u{1B}[F", .end), ("\u{1B}[1~", .home), ("\u{1B}[4~", .end), ("\u{1B}[3~", .delete),
        ("\u{1B}[1;5C", .wordRight), ("\u{1B}[1;3D", .wordLeft), ("\u{1B}b", .wordLeft), ("\u{1B}f", .wordRight),
        ("\u{1B}\u{7F}", .deleteWord), ("\r", .enter), ("\n", .enter), ("\u{1}", .home), ("\u{5}", .end),
        ("\u{15}", .deleteToStart), ("\u{17}", .deleteWord), ("\u{B}", .deleteToEnd), ("\u{3}", .interrupt),
        ("\u{4}", .endOfInput), ("\u{7F}", .backspace),
    ])
    func `keys of a terminal`(sequence: String, key: Key) {
        #expect(keys(sequence) == [key])
        var decoder = KeyDecoder()
        #expect(Array(sequence.utf8).flatMap { decoder.decode([$0]) } == [key])
    }

    @Test func `unknown sequences are swallowed whole`() {
        #expect(keys("a\u{1B}[15~\u{1B}[?1;2c\u{1B}xb") == [.text("ab")])
        #expect(keys("\u{1B}[" + String(repeating: "1", count: 100), "a").count <= 1)
    }

    @Test func `what is pasted sends nothing, wherever it is cut`() {
        let paste = "\u{1B}[200~one\r\ntwo\rthree\u{1B}[A\u{7}\u{1B}[201~!"
        #expect(keys(paste) == [.text("one\ntwo\nthree[A!")])
        var decoder = KeyDecoder()
        let single = Array(paste.utf8).flatMap { decoder.decode([$0]) }
        #expect(single == [.text("one\ntwo\nthree[A"), .text("!")])
    }

    @Test func `a paste without an end is cut at its limit`() {
        var decoder = KeyDecoder()
        let keys = decoder.decode(Array(("\u{1B}[200~" + String(repeating: "x", count: 300_000)).utf8))
        guard case .text(let text) = keys.first else { return #expect(Bool(false)) }
        #expect(text.count == 262_144)
    }
}
