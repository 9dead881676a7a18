/// A line that is being typed, and those that were typed before. It draws nothing and reads nothing.
struct LineEditorState: Sendable, Hashable {
    /// What a key led to.
    enum Outcome: Sendable, Hashable {
        /// The line or the place in it may have changed.
        case edited
        case submitted(String)
        /// Ctrl-C on a line that was not empty, which is now.
        case abandoned
        /// The user is done: Ctrl-D or Ctrl-C on an empty line.
        case ended
        case clearScreen
    }

    /// The most bytes of a line; what is typed or pasted beyond them is dropped.
    static let maxBytes = 262_144

    /// The line in front of the cursor and behind it. A string each, so that letters which join to one character, such
    /// as Hebrew points or the parts of an emoji, are always counted as one.
    private(set) var before = ""
    private(set) var after = ""
    /// Oldest first.
    private var past: [String]
    /// Which of the past lines is shown; their count when it is the new one.
    private var place: Int
    /// The new line while a past one is shown.
    private var draft = ""
    /// What was deleted last by more than a character.
    private var deleted = ""

    init(past: [String] = []) {
        self.past = past
        place = past.count
    }

    /// The line.
    var text: String { before + after }

    mutating func handle(_ key: Key) -> Outcome {
        switch key {
        case .text(let text): insert(text)
        case .enter: return submit()
        case .left: moveLeft()
        case .right: moveRight()
        case .wordLeft: moveLeft(by: Self.word(at: before.reversed()))
        case .wordRight: moveRight(by: Self.word(at: after))
        case .home: set(before: "", after: text)
        case .end: set(before: text, after: "")
        case .up: show(place - 1)
        case .down: show(place + 1)
        case .backspace: if !before.isEmpty { before.removeLast() }
        case .delete: if !after.isEmpty { after.removeFirst() }
        case .deleteWord: deleteWord()
        case .deleteToStart:
            deleted = before
            before = ""
        case .deleteToEnd:
            deleted = after
            after = ""
        case .putBack: insert(deleted)
        case .endOfInput:
            if text.isEmpty { return .ended }
            if !after.isEmpty { after.removeFirst() }
        case .interrupt:
            if text.isEmpty { return .ended }
            reset()
            return .abandoned
        case .clearScreen: return .clearScreen
        }
        return .edited
    }

    /// Adds a line to those that the up key brings back.
    mutating func remember(_ line: String) {
        if past.last != line { past.append(line) }
        place = past.count
    }

    private mutating func insert(_ text: String) {
        guard before.utf8.count + after.utf8.count + text.utf8.count <= Self.maxBytes else { return }
        before += text
    }

    private mutating func submit() -> Outcome {
        let line = text
        reset()
        return .submitted(line)
    }

    private mutating func reset() {
        set(before: "", after: "")
        draft = ""
        place = past.count
    }

    private mutating func set(before: String, after: String) {
        self.before = before
        self.after = after
    }

    private mutating func show(_ new: Int) {
        guard (0...past.count).contains(new), new != place else { return }
        if place == past.count { draft = text }
        place = new
        set(before: new == past.count ? draft : past[new], after: "")
    }

    // MARK: - Moving

    private mutating func moveLeft(by count: Int = 1) {
        after = String(before.suffix(count)) + after
        before = String(before.dropLast(count))
    }

    private mutating func moveRight(by count: Int = 1) {
        before += String(after.prefix(count))
        after = String(after.dropFirst(count))
    }

    private mutating func deleteWord() {
        let count = Self.word(at: before.reversed())
        guard count > 0 else { return }
        deleted = String(before.suffix(count))
        before = String(before.dropLast(count))
    }

    /// How many characters the first word has, with the white space in front of it.
    private static func word(at characters: some Collection<Character>) -> Int {
        let blank = characters.prefix(while: \.isWhitespace).count
        return blank + characters.dropFirst(blank).prefix { !$0.isWhitespace }.count
    }
}
