import Foundation

/// The lines that were typed, kept in a file that only its owner may read.
///
/// A line of the file is a line that was typed, with `\n` for a line break and `\\` for a backslash.
struct TypedHistory: Sendable {
    /// The most lines that are kept, and the most bytes of one.
    static let limit = 500
    static let maxLineBytes = 4096

    private let file: URL?
    /// Oldest first.
    private(set) var lines: [String] = []

    /// Reads the file. One that is missing, unreadable or absurdly large is an empty history: chatting goes on.
    init(file: URL?) {
        self.file = file
        guard let file, let data = try? RegularFile(path: file.path).read(maxBytes: 8 * Self.limit * Self.maxLineBytes)
        else { return }
        let all = data.split(separator: 0x0A).map { Self.unescaped(String(decoding: $0, as: UTF8.self)) }
        lines = all.suffix(Self.limit)
        if all.count > Self.limit { rewrite() }
    }

    /// Keeps a line, in the file too when that is possible. Blank, repeated and overlong lines are not kept.
    /// - Returns: whether it was kept.
    @discardableResult
    mutating func add(_ line: String) -> Bool {
        guard line.contains(where: { !$0.isWhitespace }), line != lines.last, line.utf8.count <= Self.maxLineBytes
        else {
            return false
        }
        lines.append(line)
        if lines.count > Self.limit {
            lines.removeFirst()
            rewrite()
        } else {
            write([line], flags: O_APPEND)
        }
        return true
    }

    private func rewrite() { write(lines, flags: O_TRUNC) }

    private func write(_ lines: [String], flags: Int32) {
        guard let file else { return }
        let descriptor = open(file.path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW | flags, 0o600)
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        // It may have been made by something else, with another mode.
        guard fchmod(descriptor, 0o600) == 0 else { return }
        let bytes = Array(lines.map { Self.escaped($0) + "\n" }.joined().utf8)
        _ = Glibc.write(descriptor, bytes, bytes.count)
    }

    private static func escaped(_ line: String) -> String {
        line.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func unescaped(_ line: String) -> String {
        var result = ""
        var isEscaped = false
        for character in line {
            if isEscaped {
                result.append(character == "n" ? "\n" : character)
                isEscaped = false
            } else if character == "\\" {
                isEscaped = true
            } else {
                result.append(character)
            }
        }
        return result
    }
}
