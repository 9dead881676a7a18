import BotCore

extension EnvImport {
    /// A line for each line of the file that is no comment, then what was added, then the sum.
    var report: [String] {
        let width = "\(lines.compactMap(\.number).max() ?? 0)".count
        return lines.map { Self.text(of: $0, width: width) } + [sum]
    }

    /// Whether there is a key, or a server that may need none.
    var namesAModel: Bool {
        let names = [
            "OPENAI_API_KEY", "OPENAI_API_KEYS", "OPENAI_API_KEY_FILE", "OPENAI_API_KEYS_FILE", "OPENAI_BASE_URL",
            "ANTHROPIC_API_KEY", "ANTHROPIC_API_KEY_FILE",
        ]
        return settings.contains { names.contains($0.name) }
    }

    private static func text(of line: Line, width: Int) -> String {
        let number = line.number.map { "line \(padded("\($0)", width, atFront: true))" }
        let place = padded(number ?? "", width + 6, atFront: false)
        let value = line.value.map { "= \(shortened($0))" } ?? "(set)"
        let words: (verdict: String, about: [String]) =
            switch line.verdict {
            case .kept: ("kept", [line.name, value])
            case .renamed(let new): ("renamed", [line.name, "-> \(new)", value])
            case .mapped(let old, let new): ("mapped", [line.name, "\(shortened(old)) -> \(new)"])
            case .ignored: ("ignored", [line.name])
            case .unknown: ("unknown", [line.name])
            case .invalid: ("invalid", [line.name, line.reason])
            case .added: ("added", [line.name, value])
            }
        let reason = line.verdict == .invalid || line.reason.isEmpty ? [] : ["(\(line.reason))"]
        let parts = [place, padded(words.verdict, 7, atFront: false)] + words.about.filter { !$0.isEmpty } + reason
        return cleaned(parts.joined(separator: " "))
    }

    private var sum: String {
        func count(_ name: String, _ isMeant: (Verdict) -> Bool) -> String? {
            let count = lines.count { isMeant($0.verdict) }
            return count == 0 ? nil : "\(count) \(name)"
        }
        return [
            count("kept") { $0 == .kept }, count("renamed") { if case .renamed = $0 { true } else { false } },
            count("mapped") { if case .mapped = $0 { true } else { false } }, count("ignored") { $0 == .ignored },
            count("unknown") { $0 == .unknown }, count("invalid") { $0 == .invalid },
            count("added") { $0 == .added },
        ].compactMap(\.self).joined(separator: ", ")
    }

    private static func padded(_ text: String, _ width: Int, atFront: Bool) -> String {
        let blanks = String(repeating: " ", count: max(0, width - text.count))
        return atFront ? blanks + text : text + blanks
    }

    private static func shortened(_ value: String) -> String {
        // Before it is cut: the beginning of a key is not known for one.
        let value = Redaction.secrets(of: value)
        return value.count > 60 ? "\(value.prefix(59))…" : value
    }

    /// A line that a terminal shows as it is, without what looks like a key: one may stand in the wrong place.
    private static func cleaned(_ text: String) -> String {
        let scalars = text.unicodeScalars.map { scalar -> Unicode.Scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: " "
            default: scalar
            }
        }
        return Redaction.secrets(of: String(String.UnicodeScalarView(scalars)))
    }
}
