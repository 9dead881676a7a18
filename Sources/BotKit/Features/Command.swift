/// A responder that is called by its first word, with `!` or `/` before it.
public protocol Command: Responder {
    /// The words that call it, lower case, without prefix; an own prefix such as `!gpt` may be configured instead.
    var words: Set<String> { get }
    /// What `help` says: the form and what it does.
    var usage: Text { get }
    /// Whether what follows the word is a sentence of the member, such as a question, and shows their language; the
    /// fixed words of other commands do not.
    var takesSentences: Bool { get }
    /// Whether settings are named behind the word, so that a secret may be.
    var namesSettings: Bool { get }
    /// Whether `text` calls the command.
    func isCalled(by text: String) -> Bool
    /// - Parameter arguments: what follows the word, without the white space around it.
    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer
}

extension Command {
    public var takesSentences: Bool { false }
    public var namesSettings: Bool { false }

    public func isCalled(by text: String) -> Bool { CommandCall(text)?.isCall(of: words) ?? false }

    public func accepts(_ turn: Turn) -> Bool { isCalled(by: turn.choice ?? turn.text) }

    public func answer(_ turn: Turn) async throws -> Answer {
        try await answer(turn, CommandCall(turn)?.arguments ?? turn.text[...])
    }
}

/// A text that begins with a command: `!word arguments` or `/word arguments`.
public struct CommandCall: Sendable {
    /// The first word with its prefix, lower case, without the marks that end a sentence or set off what follows.
    public let word: String
    /// The same with those marks.
    private let marked: String
    /// The rest, without the white space around it.
    public let arguments: Substring

    /// Reads a turn's text, or the command behind the option that was chosen from a menu.
    public init?(_ turn: Turn) { self.init(turn.choice ?? turn.text) }

    /// Reads `text`; `nil` when it starts with no prefix and word.
    public init?(_ text: String) {
        let trimmed = text[...].trimmingInvisible
        guard let first = trimmed.first, "!/".contains(first) else { return nil }
        // Keyboards put direction marks beside a word in a right-to-left message; they are no part of it.
        let written = trimmed.prefix { !$0.isWhitespace }
        guard written.count <= 64 else { return nil }
        let word = written.filter { !$0.isInvisible }
        guard word.count > 1, word.dropFirst().contains(where: \.isLetter) else { return nil }
        marked = word.lowercased()
        self.word = String(marked.trimmingMarks)
        arguments = trimmed[written.endIndex...].trimmingInvisible
    }

    /// Whether the word is one of `words`, with either prefix or with the one that a word carries itself.
    public func isCall(of words: Set<String>) -> Bool {
        // A prefix of the operator's own may end in such a mark.
        [word, marked].contains { words.contains($0) || words.contains(String($0.dropFirst())) }
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without white space and invisible direction marks at both ends.
    public var trimmingInvisible: Substring {
        let head = self.drop(while: \.isInvisible)
        guard let last = head.lastIndex(where: { !$0.isInvisible }) else { return head.prefix(0) }
        return head[...last]
    }
}

extension StringProtocol where SubSequence == Substring {
    /// Without the marks at its end that end a sentence or set off what follows.
    fileprivate var trimmingMarks: Substring {
        guard let last = self.lastIndex(where: { !$0.isMark }) else { return self.prefix(0) }
        return self[...last]
    }
}

extension Character {
    /// Whether it is a mark that ends a sentence or sets off what follows.
    fileprivate var isMark: Bool { ".,:;!?…".contains(self) }

    /// Whether it is white space or nothing but direction marks, joiners and the like.
    fileprivate var isInvisible: Bool {
        isWhitespace
            || unicodeScalars.allSatisfy {
                switch $0.value {
                case 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069, 0xFEFF: true
                default: false
                }
            }
    }
}
