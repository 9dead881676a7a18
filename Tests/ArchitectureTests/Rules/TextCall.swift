import Foundation

/// A call of `Text("key", en: "…", he: "…")` as it stands in a source.
struct TextCall {
    let line: Int
    /// The literal of each argument by its label, pieces joined; the key has the label `key`.
    let literals: [String: String]
    /// The labels whose literal has an interpolation.
    let interpolated: Set<String>

    /// All calls in `file` whose first argument is a string literal; they may span lines and join literals with `+`.
    static func all(in file: SourceFile) throws -> [TextCall] {
        let whole = Array(file.text.utf16)
        let code = Array(file.code.utf16)
        return try file.code.finds(#"(?<![\w.])Text\(\s*#*""#).map { found in
            let start = found.offset + "Text(".utf16.count
            return TextCall(line: found.line, arguments: arguments(from: start, code: code, whole: whole))
        }
    }

    private init(line: Int, arguments: [String]) {
        self.line = line
        var literals: [String: String] = [:]
        var interpolated: Set<String> = []
        for (index, argument) in arguments.enumerated() {
            let label = (try? argument.finds(#"^\s*(\w+)\s*:"#).first).flatMap { $0.groups[1] }
            let name = label ?? (index == 0 ? "key" : "argument \(index)")
            let (text, isInterpolated) = Self.joinedLiterals(of: SourceFile("argument.swift", argument))
            literals[name] = text
            if isInterpolated { interpolated.insert(name) }
        }
        self.literals = literals
        self.interpolated = interpolated
    }

    /// The source of each argument, up to the parenthesis that closes the call.
    private static func arguments(from start: Int, code: [UInt16], whole: [UInt16]) -> [String] {
        var arguments: [String] = []
        var depth = 0
        var first = start
        for index in start..<code.count {
            switch code[index] {
            case 0x28, 0x5B, 0x7B: depth += 1
            case 0x29 where depth == 0:
                arguments.append(String(decoding: whole[first..<index], as: UTF16.self))
                return arguments.filter { !$0.allSatisfy(\.isWhitespace) }
            case 0x29, 0x5D, 0x7D: depth -= 1
            case 0x2C where depth == 0:
                arguments.append(String(decoding: whole[first..<index], as: UTF16.self))
                first = index + 1
            default: break
            }
        }
        return arguments
    }

    /// What the literals in an argument say; an escape stays as written, an interpolation is left out.
    private static func joinedLiterals(of argument: SourceFile) -> (String, isInterpolated: Bool) {
        let text = argument.strings.split(separator: "\n")
            .map { $0.trimmingCharacters(in: .whitespaces) }.joined(separator: "\n")
        return (text, argument.code.contains("\\("))
    }
}
