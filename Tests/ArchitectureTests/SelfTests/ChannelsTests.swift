import Testing

/// The reader of sources itself: what it takes for code, comment and string.
@Suite struct ChannelsTests {
    private func file(_ text: String) -> SourceFile { SourceFile("Sources/BotKit/Sample.swift", text) }

    @Test func `the inside of a string is no code`() {
        let file = file(#"let a = "try! \"Task {\" b""#)
        #expect(!file.code.contains("try"))
        #expect(file.strings.contains("try!"))
    }

    @Test func `an interpolation is code, with strings of its own`() {
        let file = file(#"let a = "sum \(total(of: "inner")!) end""#)
        #expect(file.code.contains("total(of: \""))
        #expect(file.code.contains(")!"))
        #expect(file.strings.contains("inner") && file.strings.contains("end"))
    }

    @Test func `comments nest and end where they end`() {
        let file = file("let a = 1 /* x /* y */ try! */ + b // try!\nlet c = 2")
        #expect(!file.code.contains("try"))
        #expect(file.code.contains("+ b") && file.code.contains("let c = 2"))
    }

    @Test func `a raw string keeps its quotes and a long one its lines`() throws {
        let raw = file("let a = #\"say \"try!\" \\#(name)\"#; let b = 1")
        #expect(raw.code.contains("name") && raw.code.contains("let b") && !raw.code.contains("try"))
        let long = file("let a = \"\"\"\n  \"try!\"\n  \"\"\"\nlet b = c!")
        #expect(!long.code.contains("try"))
        #expect(try long.code.finds("c!").first?.line == 4)
    }

    @Test func `all channels are as long as the file`() {
        let text = "let he = \"שלום 👋\" // היי\nlet b = 1"
        let file = file(text)
        for channel in [file.code, file.comments, file.strings] { #expect(channel.utf16.count == text.utf16.count) }
        #expect(file.strings.contains("שלום 👋"))
    }

    @Test func `types are found with their depth and visibility`() throws {
        let file = file("public struct A {\n  enum B { case c }\n}\nprivate actor D {}\nextension A.B: Sendable {}")
        let types = try file.declarations()
        #expect(types.map(\.name) == ["A", "B", "D", "A.B"])
        #expect(types.map(\.depth) == [0, 1, 0, 0])
        #expect(types.map(\.isPrivate) == [false, false, true, false])
    }
}
