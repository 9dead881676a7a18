/// Puts text into the columns of a terminal. Hebrew stays in logical order: the terminal turns it.
enum TextLayout {
    /// The text without what could steer the terminal: a model, or a page that it read, may have written it.
    static func printable(_ text: String) -> String {
        guard text.unicodeScalars.contains(where: isControl) else { return text }
        var result = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            if scalar == "\t" {
                result.append(contentsOf: "    ".unicodeScalars)
            } else if scalar == "\n" || !isControl(scalar) {
                result.append(scalar)
            }
        }
        return String(result)
    }

    /// The start of a text in one line, for a quotation.
    static func snippet(_ text: String, columns: Int = 60) -> String {
        var room = columns
        var result = ""
        for character in printable(text) {
            room -= DisplayWidth.of(character)
            guard room >= 0 else { return result + "…" }
            result.append(character.isNewline ? " " : character)
        }
        return result
    }

    /// The lines of `text`, broken between words where they are longer than `columns`; `nil` breaks nothing.
    static func wrapped(_ text: String, columns: Int?) -> [String] {
        text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { line in
            guard let columns, DisplayWidth.of(line) > columns else { return [String(line)] }
            return broken(line, columns: max(8, columns))
        }
    }

    private static func broken(_ line: Substring, columns: Int) -> [String] {
        var lines: [String] = []
        var current = ""
        var room = columns
        for word in line.split(separator: " ", omittingEmptySubsequences: false) {
            let width = DisplayWidth.of(word)
            if !current.isEmpty, width + 1 > room {
                lines.append(current)
                (current, room) = ("", columns)
            } else if !current.isEmpty || !lines.isEmpty && word.isEmpty {
                current += " "
                room -= 1
            }
            // A word that is longer than a line is cut.
            for character in word {
                let width = DisplayWidth.of(character)
                if width > room {
                    lines.append(current)
                    (current, room) = ("", columns)
                }
                current.append(character)
                room -= width
            }
        }
        return lines + [current]
    }

    private static func isControl(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value < 0x20 || (0x7F...0x9F).contains(scalar.value)
    }
}
