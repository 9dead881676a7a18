import Foundation

extension String {
    /// The text without `@name`, wherever one of `names` stands behind the sign as a word of its own; the same text
    /// when there is none. Names are compared without regard to case and accents.
    public func withoutMentions(of names: [String]) -> String {
        guard utf8.contains(UInt8(ascii: "@")) else { return self }
        var result = ""
        var rest = self[...]
        var isAfterWord = false
        var found = false
        while let at = rest.firstIndex(of: "@") {
            let before = rest[..<at].last
            isAfterWord = before.map { $0.isLetter || $0.isNumber } ?? isAfterWord
            result += rest[..<at]
            let tail = rest[rest.index(after: at)...]
            if !isAfterWord, let name = names.first(where: { tail.begins(withWord: $0) }) {
                rest = tail.dropFirst(name.count)
                // Of the spaces on both sides one is enough.
                if rest.first == " ", result.isEmpty || result.last?.isWhitespace == true { rest.removeFirst() }
                found = true
            } else {
                result += "@"
                rest = tail
            }
            isAfterWord = false
        }
        return found ? String((result + rest)[...].trimmingInvisible) : self
    }
}

extension Substring {
    /// Whether `word` stands at the beginning, in any case and with or without accents, and ends there.
    fileprivate func begins(withWord word: String) -> Bool {
        let head = prefix(word.count)
        guard !word.isEmpty, head.compare(word, options: [.caseInsensitive, .diacriticInsensitive]) == .orderedSame
        else { return false }
        return dropFirst(word.count).first.map { !$0.isLetter && !$0.isNumber } ?? true
    }
}
