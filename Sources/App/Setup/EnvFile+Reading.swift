import BotKit
import Foundation

extension EnvFile {
    /// The bytes that a file may have.
    private static let limit = 1 << 20

    /// Reads a file of at most 1 MiB; when a name stands twice, the later value counts.
    ///
    /// A value without quotes goes to the end of the line, or to a `#` after a space, without the spaces around it;
    /// nothing in it has a meaning. `"…"` knows `\"`, `\\`, `\$`, `` \` ``, `\n`, `\r` and `\t`; `'…'` knows nothing.
    /// Quoted values may have several lines. A line may begin with `export`.
    /// - Throws: `Misconfiguration` with the number of the wrong line, never with what stands there.
    static func read(_ path: String) throws -> [String: String] {
        let text: String
        do {
            text = try self.text(of: path)
        } catch {
            throw Misconfiguration(
                "--env-file", "names a file that cannot be read (\(path))",
                remedy: "Make it readable for the user that runs Martlet, UTF-8, a line NAME=VALUE each.")
        }
        do {
            return try parse(text)
        } catch {
            throw Misconfiguration(
                "--env-file", "names a file whose line \(error.line) \(error.problem) (\(path))",
                remedy: "Write NAME=VALUE, with ' or \" around a value that has quotes, # or several lines.")
        }
    }

    /// Why a file cannot be read at all.
    enum Unreadable: Error {
        case missing, unreadable
        /// More than 1 MiB.
        case tooLarge
        /// Not UTF-8.
        case notText
    }

    /// The whole text of a file.
    static func text(of path: String) throws(Unreadable) -> String {
        // Not FileManager's contents(atPath:): it has nothing for a pipe (`<(pass show martlet)`) or /dev/null.
        guard let file = FileHandle(forReadingAtPath: path) else {
            throw FileManager.default.fileExists(atPath: path) ? .unreadable : .missing
        }
        guard let data = try? file.read(upToCount: limit + 1) ?? Data() else { throw .unreadable }
        guard data.count <= limit else { throw .tooLarge }
        guard let text = String(data: data, encoding: .utf8) else { throw .notText }
        return text
    }

    /// A setting as it stands in a file.
    struct Entry: Equatable {
        /// The number of its first line.
        let line: Int
        let name: String
        let value: String
        let isQuoted: Bool
    }

    /// What is wrong with a line.
    struct WrongLine: Error, Equatable {
        let line: Int
        let problem: String
    }

    /// Reads the text of a file.
    static func parse(_ text: String) throws(WrongLine) -> [String: String] {
        var reader = EnvFileReader(text)
        var values: [String: String] = [:]
        while let entry = try reader.next() { values[entry.name] = entry.value }
        return values
    }

    /// Reads all that can be read of the text of a file, in its order: after a wrong line comes the next one.
    static func entries(of text: String) -> [Result<Entry, WrongLine>] {
        var reader = EnvFileReader(text)
        var entries: [Result<Entry, WrongLine>] = []
        while true {
            do {
                guard let entry = try reader.next() else { return entries }
                entries.append(.success(entry))
            } catch {
                entries.append(.failure(error))
                reader.skipWrongLine()
            }
        }
    }
}

/// Reads one setting after the other.
private struct EnvFileReader {
    private var rest: ArraySlice<UInt8>
    private var line = 1
    /// Where the setting began that is read.
    private var start: (rest: ArraySlice<UInt8>, line: Int) = ([], 1)

    init(_ text: String) {
        let bytes = Array(text.utf8)
        rest = bytes.starts(with: [0xEF, 0xBB, 0xBF]) ? bytes.dropFirst(3) : bytes[...]
    }

    mutating func next() throws(EnvFile.WrongLine) -> EnvFile.Entry? {
        while let byte = rest.first {
            switch byte {
            case UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: " "), UInt8(ascii: "\t"): advance()
            case UInt8(ascii: "#"): take { $0 != UInt8(ascii: "\n") }
            default: return try setting()
            }
        }
        return nil
    }

    /// Goes behind the line on which the setting began that could not be read.
    mutating func skipWrongLine() {
        (rest, line) = start
        take { $0 != UInt8(ascii: "\n") }
    }

    private mutating func setting() throws(EnvFile.WrongLine) -> EnvFile.Entry {
        start = (rest, line)
        var name = text(take { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: "\n") })
        guard rest.first == UInt8(ascii: "=") else { throw wrong("has no =") }
        advance()
        if name.hasPrefix("export ") { name = text(Array(name.utf8.dropFirst(7))) }
        guard EnvFile.isName(name) else { throw wrong("has no name of a setting before the =") }
        let gap = take(while: Self.isBlank)
        guard let quote = rest.first, quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else {
            let value = bare(after: gap.last ?? UInt8(ascii: "="))
            return EnvFile.Entry(line: start.line, name: name, value: value, isQuoted: false)
        }
        advance()
        let value = try quoted(quote)
        take { Self.isBlank($0) || $0 == UInt8(ascii: "\r") }
        guard [nil, UInt8(ascii: "\n"), UInt8(ascii: "#")].contains(rest.first) else {
            throw wrong("goes on after the closing quote")
        }
        return EnvFile.Entry(line: start.line, name: name, value: value, isQuoted: true)
    }

    private mutating func bare(after byte: UInt8) -> String {
        var before = byte
        return text(
            take { byte in
                defer { before = byte }
                return byte != UInt8(ascii: "\n") && !(byte == UInt8(ascii: "#") && Self.isBlank(before))
            })
    }

    private mutating func quoted(_ quote: UInt8) throws(EnvFile.WrongLine) -> String {
        let start = line
        var value: [UInt8] = []
        while let byte = rest.first {
            advance()
            if byte == quote { return String(decoding: value, as: UTF8.self) }
            guard byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\""), let escaped = rest.first else {
                value.append(byte)
                continue
            }
            advance()
            switch escaped {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"): value.append(escaped)
            case UInt8(ascii: "n"): value.append(UInt8(ascii: "\n"))
            case UInt8(ascii: "r"): value.append(UInt8(ascii: "\r"))
            case UInt8(ascii: "t"): value.append(UInt8(ascii: "\t"))
            default: value += [byte, escaped]
            }
        }
        throw EnvFile.WrongLine(line: start, problem: "has no closing quote")
    }

    private mutating func advance() {
        if rest.popFirst() == UInt8(ascii: "\n") { line += 1 }
    }

    @discardableResult
    private mutating func take(while condition: (UInt8) -> Bool) -> [UInt8] {
        var taken: [UInt8] = []
        while let byte = rest.first, condition(byte) {
            taken.append(byte)
            advance()
        }
        return taken
    }

    private func wrong(_ problem: String) -> EnvFile.WrongLine { EnvFile.WrongLine(line: line, problem: problem) }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

    /// The text without the spaces around it.
    private func text(_ bytes: [UInt8]) -> String {
        func isSpace(_ byte: UInt8) -> Bool { Self.isBlank(byte) || byte == UInt8(ascii: "\r") }
        let start = bytes.firstIndex { !isSpace($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? start
        return String(decoding: bytes[start..<end], as: UTF8.self)
    }
}
