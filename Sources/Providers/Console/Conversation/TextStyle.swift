/// Colours for a terminal, or none.
struct TextStyle: Sendable {
    enum Tone: String, Sendable {
        case bot = "\u{1B}[1;36m"
        case member = "\u{1B}[1;32m"
        case aside = "\u{1B}[2m"
        case problem = "\u{1B}[31m"
    }
    private static let off = "\u{1B}[0m"

    let hasColours: Bool

    /// What begins and what ends a tone.
    func marks(_ tone: Tone) -> (on: String, off: String) { hasColours ? (tone.rawValue, Self.off) : ("", "") }

    func text(_ text: String, _ tone: Tone) -> String {
        let (on, off) = marks(tone)
        return on + text + off
    }
}
