/// A text that begins with a command, or with a prefix of the operator's own choice.
public struct PrefixedText: Sendable {
    /// What follows, without the white space around it.
    public let rest: Substring

    /// The word of a prefix such as `!ask`, which `!` and `/` may both stand before; `nil` for one of mere signs.
    public static func word(of prefix: String) -> String? {
        let word = prefix.lowercased().drop { $0 == "!" || $0 == "/" }
        return word.isEmpty ? nil : String(word)
    }

    /// - Parameters:
    ///   - prefix: the one of the operator's choice; empty when there is none.
    ///   - words: the command's words, which `!` and `/` may stand before.
    /// - Returns: `nil` when the text begins with neither.
    public init?(_ text: String, prefix: String, words: Set<String>) {
        if let call = CommandCall(text), call.isCall(of: words) {
            rest = call.arguments
            return
        }
        let trimmed = text[...].trimmingInvisible
        guard !prefix.isEmpty, trimmed.prefix(prefix.count).lowercased() == prefix.lowercased() else { return nil }
        let tail = trimmed.dropFirst(prefix.count)
        // A word ends where another sign follows: `!gptx` is another word. A prefix such as `.` needs no such end.
        if prefix.last?.isPartOfWord == true, tail.first?.isPartOfWord == true { return nil }
        rest = tail.trimmingInvisible
    }
}

extension Character {
    fileprivate var isPartOfWord: Bool { isLetter || isNumber }
}
