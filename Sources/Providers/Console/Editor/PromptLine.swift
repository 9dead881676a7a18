/// The last line of the terminal: the prompt, and as much of the line being typed as fits around the cursor.
struct PromptLine: Sendable {
    /// Goes to the start of the line and empties it.
    static let erase = "\r\u{1B}[K"

    let prompt: String
    /// What to put around the prompt to colour it.
    var colour: (on: String, off: String) = ("", "")
    let before: String
    let after: String

    /// The line and then the cursor's movement, for a terminal of `width` columns. It never wraps.
    func drawn(width: Int) -> String {
        let (shownBefore, shownAfter) = visible(columns: max(8, width - 1 - DisplayWidth.of(prompt)))
        let column = DisplayWidth.of(prompt) + DisplayWidth.of(shownBefore)
        let cursor = shownAfter.isEmpty || column == 0 ? "" : "\r\u{1B}[\(column)C"
        return Self.erase + colour.on + prompt + colour.off + shownBefore + shownAfter + cursor
    }

    /// The end of what is before the cursor and the start of what is after it. Line breaks show as `⏎`.
    func visible(columns: Int) -> (before: String, after: String) {
        var room = columns
        let head = String(Self.fitting(before.reversed(), &room).reversed())
        let tail = String(Self.fitting(after, &room))
        return (head, tail)
    }

    private static func fitting(_ characters: some Sequence<Character>, _ room: inout Int) -> [Character] {
        var fitting: [Character] = []
        for character in characters {
            let shown: Character = character.isNewline ? "⏎" : character
            let width = DisplayWidth.of(shown)
            guard width <= room else { break }
            room -= width
            fitting.append(shown)
        }
        return fitting
    }
}
