import BotKit
import Foundation
import Testing
import TestKit

@testable import App

/// The writer and the reader of `.env` agree about every value.
@Suite struct EnvFileTests {
    /// Signs that mean something to some reader, and some that do not.
    private static let pieces: [String] =
        [
            "a", "Z", "0", " ", "  ", "\t", "\n", "\r", "\r\n", "\"", "'", "\\", "\\n", "$", "${HOME}", "`", "#", " #",
            "=", "!", "%", "&", ";", "|", "<", "~", "*", "export ", "שלום", "עֲלִיכֶם", "🙂", "👨‍👩‍👧", "é", "e\u{301}",
            "\u{301}", "\u{A0}",
            "\u{2028}", "\u{85}", "\u{FEFF}", "\u{202E}", "\u{1}", "\u{7F}", "\u{B}", "\u{C}",
        ]

    private func roundTrip(_ value: String) throws -> String? {
        let file = try EnvFile([("BEFORE", "1"), ("VALUE", value), ("AFTER", "2")])
        let values = try EnvFile.parse(file.text)
        #expect(values["BEFORE"] == "1" && values["AFTER"] == "2" && values.count == 3, "\(value.debugDescription)")
        return values["VALUE"]
    }

    /// Compares scalars: texts that look the same to Swift may be different keys.
    private func isSame(_ one: String?, _ other: String) -> Bool { one.map { Array($0.utf8) } == Array(other.utf8) }

    @Test func `every value is read back as it was written`() throws {
        for piece in Self.pieces + [""] {
            for value in [piece, piece + piece, "a" + piece, piece + "a", "a" + piece + "a"] {
                #expect(isSame(try roundTrip(value), value), "\(value.debugDescription)")
            }
        }
        var random = SeededRandom(seed: 2026)
        for _ in 0..<5_000 {
            let value = (0..<Int.random(in: 0...12, using: &random)).map { _ in
                Bool.random(using: &random)
                    ? Self.pieces.randomElement(using: &random) ?? ""
                    : Unicode.Scalar(UInt32.random(in: 1...0x10FFFF, using: &random)).map(String.init) ?? ""
            }.joined()
            #expect(isSame(try roundTrip(value), value), "\(value.debugDescription)")
        }
    }

    @Test func `a shell reads the same values`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-env-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let values = ["plain", "two words", #"a"b'c\d$HOME`e#f"#, "שורה\nושורה", #"\n"#, "", "it's", " edge ", "!x"]
        let names = values.indices.map { "MARTLET_TEST_\($0)" }
        let path = folder.appending(path: ".env").path
        try EnvFile(zip(names, values).map { ($0, $1) }).write(to: path)
        let script = ". \"$0\"; printf '%s\\0' " + names.map { "\"$\($0)\"" }.joined(separator: " ")
        let end = try await SpawnedProcess.run("/bin/sh", ["-c", script, path])
        let read = end.output.split(separator: "\0", omittingEmptySubsequences: false).map(String.init)
        #expect(read == values + [""])
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }

    @Test func `what people write by hand is read`() throws {
        let text = """
            \u{FEFF}# comment = no setting
            PLAIN = with spaces and = and "quotes" \r
            export EXPORTED=yes
            COMMENT=value # why
            HASH=a#b
            EMPTY=
            NOTHING= # nothing
              INDENTED='literal \\n $HOME' # why
            DOUBLE="one\\ntwo\\t\\"three\\" \\q"
            LINES="one
            two"
            TWICE=1
            TWICE=2
            JSON={"a": "b"}
            """
        #expect(
            try EnvFile.parse(text) == [
                "PLAIN": #"with spaces and = and "quotes""#, "EXPORTED": "yes", "COMMENT": "value", "HASH": "a#b",
                "EMPTY": "", "NOTHING": "", "INDENTED": #"literal \n $HOME"#, "DOUBLE": "one\ntwo\t\"three\" \\q",
                "LINES": "one\ntwo", "TWICE": "2", "JSON": #"{"a": "b"}"#,
            ])
    }

    @Test(arguments: [
        ("A=1\nB\n", 2, "has no ="), ("=1", 1, "has no name of a setting before the ="),
        ("\n\nA B=1", 3, "has no name of a setting before the ="), ("A='\n\n", 1, "has no closing quote"),
        ("A='1' 2", 1, "goes on after the closing quote"), ("A=\"1\\\"", 1, "has no closing quote"),
    ])
    func `a line that cannot be read is named`(text: String, line: Int, problem: String) {
        #expect(throws: EnvFile.WrongLine(line: line, problem: problem)) { try EnvFile.parse(text) }
    }

    @Test func `what no file can hold is refused by name, without the value`() throws {
        let error = #expect(throws: Misconfiguration.self) { try EnvFile([("SECRET", "sk\0x")]) }
        #expect(error?.key == "SECRET")
        #expect(error?.description.contains("sk") == false)
        #expect(throws: Misconfiguration.self) { try EnvFile([("TWO WORDS", "x")]) }
        #expect(throws: Misconfiguration.self) { try EnvFile([("A\nB", "x")]) }
    }

    @Test func `no settings and settings from a pipe are read, an endless file is refused`() throws {
        #expect(try EnvFile.read("/dev/null").isEmpty)
        let pipe = Pipe()
        try pipe.fileHandleForWriting.write(contentsOf: Data("KEY=from a password store\n".utf8))
        try pipe.fileHandleForWriting.close()
        let path = "/dev/fd/\(pipe.fileHandleForReading.fileDescriptor)"
        #expect(try EnvFile.read(path) == ["KEY": "from a password store"])
        #expect(throws: Misconfiguration.self) { try EnvFile.read("/dev/zero") }
    }

    @Test func `an old file is not overwritten`() throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "martlet-env-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: ".env")
        try Data("OLD=1\n".utf8).write(to: file)
        #expect(throws: Misconfiguration.self) { try EnvFile([("NEW", "1")]).write(to: file.path) }
        #expect(try EnvFile.read(file.path) == ["OLD": "1"])
        #expect(throws: Misconfiguration.self) { try EnvFile.read(folder.appending(path: "none").path) }
        #expect(throws: Misconfiguration.self) {
            try EnvFile([("NEW", "1")]).write(to: folder.appending(path: "none/.env").path)
        }
    }
}
