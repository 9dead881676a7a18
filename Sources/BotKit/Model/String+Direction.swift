/// The one place that puts invisible direction marks into words: isolates, which keep a run of Latin letters whole
/// within a right-to-left sentence and leave the direction of the sentence alone (Unicode Standard Annex 9, U+2066 and
/// U+2069).
extension String {
    /// The text inside isolates when it is a number, command or link that would be shuffled within a right-to-left
    /// sentence; unchanged otherwise.
    var isolatedLeftToRight: String {
        guard unicodeScalars.contains(where: { $0.isASCII && ("0"..."z" ~= $0) }),
            Language.detected(in: self) != .hebrew
        else { return self }
        return Self.isolated(self)
    }

    /// A right-to-left sentence with each command in it, such as `!help` or `!set on|off`, inside isolates.
    ///
    /// A command begins with `!` or `/` before a Latin letter, where no word or link goes on, and takes the Latin words
    /// that follow it; punctuation at its end belongs to the sentence.
    var isolatingCommands: String {
        guard utf8.contains(where: { $0 == UInt8(ascii: "!") || $0 == UInt8(ascii: "/") }) else { return self }
        var result = ""
        var place = startIndex
        var before: Character?
        while place < endIndex {
            if let end = endOfCommand(at: place), before?.continuesWord != true {
                result += Self.isolated(self[place..<end])
                before = self[index(before: end)]
                place = end
            } else {
                before = self[place]
                result.append(self[place])
                place = index(after: place)
            }
        }
        return result
    }

    private func endOfCommand(at start: Index) -> Index? {
        let first = index(after: start)
        guard "!/".contains(self[start]), first < endIndex, self[first].isLatinLetter else { return nil }
        var end = first
        var place = first
        while place < endIndex, self[place].isInCommand || spaceBeforeArgument(at: place) {
            if self[place].endsCommand { end = index(after: place) }
            place = index(after: place)
        }
        return end
    }

    private func spaceBeforeArgument(at place: Index) -> Bool {
        let next = index(after: place)
        return self[place] == " " && next < endIndex && (self[next].isLatinLetter || "<[".contains(self[next]))
    }

    private static func isolated(_ text: some StringProtocol) -> String { "\u{2066}\(text)\u{2069}" }
}

extension Character {
    fileprivate var isLatinLetter: Bool { isASCII && isLetter }
    /// Visible signs of ASCII, but no placeholder: what fills it is isolated for itself.
    fileprivate var isInCommand: Bool { isASCII && !isWhitespace && self != "{" && self != "}" }
    fileprivate var endsCommand: Bool { isASCII && (isLetter || isNumber || self == ">" || self == "]") }
    fileprivate var continuesWord: Bool { isLetter || isNumber || "/:.!".contains(self) }
}
