/// A language that the bot answers in, by its ISO 639-1 code.
public struct Language: Identifier {
    public let rawValue: String
    public init(rawValue: String) { self.rawValue = rawValue }

    public static let english: Language = "en"
    public static let hebrew: Language = "he"

    /// Whether the language is written from right to left.
    public var isRightToLeft: Bool { ["he", "ar", "fa", "ur", "yi"].contains(rawValue) }

    /// The language that a text shows by its script, or `nil` when it holds too few letters to tell.
    ///
    /// Only scripts that point to one of our languages count: Hebrew letters say Hebrew, Latin letters English.
    /// - Parameter text: at most its first 500 scalars are looked at, and links not at all.
    public static func detected(in text: String) -> Language? {
        var hebrew = 0
        var latin = 0
        // A link is Latin in every language.
        for word in String(text.unicodeScalars.prefix(500)).split(whereSeparator: \.isWhitespace)
        where !word.contains("://") {
            for scalar in word.unicodeScalars {
                switch scalar.value {
                case 0x05D0...0x05EA, 0x05EF...0x05F2, 0xFB1D...0xFB4F: hebrew += 1
                case 0x41...0x5A, 0x61...0x7A, 0xC0...0x24F: latin += 1
                default: break
                }
            }
        }
        // Hebrew text often carries Latin names and links; Latin text rarely carries Hebrew words.
        if hebrew >= 2 && hebrew * 3 >= latin { return .hebrew }
        if latin >= 3 && latin > hebrew { return .english }
        return nil
    }
}
