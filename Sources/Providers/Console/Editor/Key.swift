/// What a key of a terminal means to a line that is being edited.
enum Key: Sendable, Hashable {
    /// Characters that were typed or pasted; only pasted ones hold line breaks.
    case text(String)
    case enter, left, right, up, down, home, end, wordLeft, wordRight
    case backspace, delete, deleteWord, deleteToStart, deleteToEnd, putBack
    case endOfInput, interrupt, clearScreen
}
