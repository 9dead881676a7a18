import Foundation

/// A file of the package, by its path from the package's root.
struct SourceFile {
    let path: String
    let text: String
    /// The code without comments and without the insides of strings.
    let code: String
    /// The comments alone.
    let comments: String
    /// The insides of string literals alone.
    let strings: String

    init(_ path: String, _ text: String) {
        self.path = path
        self.text = text
        let channels = path.hasSuffix(".swift") ? Channels(text) : nil
        code = channels.map { String(decoding: $0.code, as: UTF16.self) } ?? text
        comments = channels.map { String(decoding: $0.comments, as: UTF16.self) } ?? ""
        strings = channels.map { String(decoding: $0.strings, as: UTF16.self) } ?? text
    }

    /// The parts of the path: `["Sources", "BotKit", "SQL", "Row.swift"]`.
    var parts: [String] { path.split(separator: "/").map(String.init) }
    var name: String { parts.last ?? path }
    /// The file's name without `.swift`.
    var stem: String { name.hasSuffix(".swift") ? String(name.dropLast(6)) : name }
    var isSwift: Bool { path.hasSuffix(".swift") }

    func isUnder(_ folder: String) -> Bool { path.hasPrefix(folder + "/") }

    /// The lines, without their ends.
    var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }

    func complaint(_ line: Int?, _ rule: String, _ remedy: String) -> Complaint {
        Complaint(path: path, line: line, rule: rule, remedy: remedy)
    }
}

/// Something that a pattern found.
struct Found {
    /// The whole match first, then its groups; a group that took no part is empty.
    let groups: [String]
    /// In UTF-16 units from the start.
    let offset: Int
    /// 1 for the first line.
    let line: Int
}

extension String {
    /// All places where `pattern` (ICU syntax, `^` and `$` match at lines) is found.
    func finds(_ pattern: String) throws -> [Found] {
        let expression = try NSRegularExpression(pattern: pattern, options: [.anchorsMatchLines])
        let whole = self as NSString
        var line = 1
        var counted = 0
        return expression.matches(in: self, range: NSRange(location: 0, length: whole.length)).map { match in
            while counted < match.range.location {
                if whole.character(at: counted) == 10 { line += 1 }
                counted += 1
            }
            let groups = (0..<match.numberOfRanges).map { index in
                let range = match.range(at: index)
                return range.location == NSNotFound ? "" : whole.substring(with: range)
            }
            return Found(groups: groups, offset: match.range.location, line: line)
        }
    }

    func matches(_ pattern: String) throws -> Bool { try !finds(pattern).isEmpty }
}
