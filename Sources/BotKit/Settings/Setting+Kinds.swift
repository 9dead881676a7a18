public import Foundation

extension Setting where Value == String? {
    /// Any text.
    public static func text(_ name: String, _ purpose: String) -> Setting {
        Setting(name, shape: "a text", default: nil, written: nil, purpose) { $0 }
    }
    /// Any text that must never be shown; `NAME_FILE` may name a file that holds it.
    public static func secret(_ name: String, _ purpose: String) -> Setting {
        Setting(name, shape: "a secret text", default: nil, written: nil, secret: true, purpose) { $0 }
    }
}

extension Setting where Value == String {
    /// Any text, with a default.
    public static func text(_ name: String, default fallback: String, _ purpose: String) -> Setting {
        Setting(name, shape: "a text", default: fallback, written: fallback, purpose) { $0 }
    }
    /// A word that calls a command, such as `!gpt`.
    public static func word(_ name: String, default fallback: String, _ purpose: String) -> Setting {
        Setting(name, shape: "a word without spaces", default: fallback, written: fallback, purpose) {
            $0.contains(where: \.isWhitespace) ? nil : $0
        }
    }
}

extension Setting where Value == Int {
    /// A whole number from `range`.
    public static func integer(_ name: String, default fallback: Int, in range: ClosedRange<Int>, _ purpose: String)
        -> Setting
    {
        Setting(
            name, shape: "an integer from \(range.lowerBound) to \(range.upperBound)", default: fallback,
            written: "\(fallback)", purpose
        ) { text in Int(text).flatMap { range.contains($0) ? $0 : nil } }
    }
    /// The most of something: a whole number up to `highest`, or 0, which is read as `Int.max`.
    public static func limit(_ name: String, default fallback: Int, upTo highest: Int, _ purpose: String) -> Setting {
        Setting(
            name, shape: "an integer from 0 to \(highest)", default: fallback, written: "\(fallback)",
            "\(purpose) 0 = no limit."
        ) { text in Int(text).flatMap { (0...highest).contains($0) ? ($0 == 0 ? .max : $0) : nil } }
    }
}

extension Setting where Value == Double {
    /// A number from `range`.
    public static func number(
        _ name: String, default fallback: Double, in range: ClosedRange<Double>, _ purpose: String
    ) -> Setting {
        Setting(
            name, shape: "a number from \(range.lowerBound) to \(range.upperBound)", default: fallback,
            written: "\(fallback)", purpose
        ) { text in Double(text).flatMap { range.contains($0) ? $0 : nil } }
    }
}

extension Setting where Value == Duration {
    /// A span in milliseconds from `range`.
    public static func milliseconds(
        _ name: String, default fallback: Int, in range: ClosedRange<Int>, _ purpose: String
    ) -> Setting {
        Setting(
            name, shape: "milliseconds from \(range.lowerBound) to \(range.upperBound)",
            default: .milliseconds(fallback), written: "\(fallback)", purpose
        ) { text in Int(text).flatMap { range.contains($0) ? .milliseconds($0) : nil } }
    }
    /// A span in seconds from `range`.
    public static func seconds(
        _ name: String, default fallback: Int, in range: ClosedRange<Int>, _ purpose: String
    ) -> Setting {
        Setting(
            name, shape: "seconds from \(range.lowerBound) to \(range.upperBound)", default: .seconds(fallback),
            written: "\(fallback)", purpose
        ) { text in Int(text).flatMap { range.contains($0) ? .seconds($0) : nil } }
    }
}

extension Setting where Value == Bool {
    /// The word `true` or `false`, in any case. Anything else is refused: a guess could open what shall be closed.
    public static func flag(_ name: String, default fallback: Bool, _ purpose: String) -> Setting {
        Setting(name, shape: "true or false", default: fallback, written: "\(fallback)", purpose) {
            ["true": true, "false": false][$0.lowercased()]
        }
    }
}

extension Setting where Value == [String] {
    /// Values with commas between; white space around them is dropped.
    public static func list(_ name: String, default fallback: [String] = [], secret: Bool = false, _ purpose: String)
        -> Setting
    {
        Setting(
            name, shape: "a list with commas between", default: fallback,
            written: fallback.isEmpty ? nil : fallback.joined(separator: ","), secret: secret, purpose
        ) { text in
            text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }.filter { !$0.isEmpty }
        }
    }
}

extension Setting where Value == [Person] {
    /// Telephone numbers, with or without `+` and `@c.us`, and ids of networks, with commas between.
    public static func people(_ name: String, _ purpose: String) -> Setting {
        Setting(
            name,
            shape: "telephone numbers of 7 to 15 digits, or ids such as US.1349… and 1000…@lid, with commas between",
            default: [], written: nil, purpose
        ) { text in
            let parts = text.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
                .filter { !$0.isEmpty }
            // A member's name holds on one network, and says nothing before somebody wrote.
            let people = parts.compactMap { Person($0) }.filter { if case .member = $0 { false } else { true } }
            return people.count == parts.count ? people : nil
        }
    }
}

extension Setting where Value == URL? {
    /// An address that starts with `http://` or `https://`.
    public static func url(_ name: String, default fallback: String? = nil, _ purpose: String) -> Setting {
        Setting(
            name, shape: "an address that starts with http:// or https://",
            default: fallback.flatMap { URL(string: $0) },
            written: fallback, purpose
        ) { text in
            guard let url = URL(string: text), ["http", "https"].contains(url.scheme ?? ""), url.host() != nil
            else { return nil }
            return url
        }
    }
}

extension Setting where Value: RawRepresentable<String> & CaseIterable {
    /// One word of a closed set.
    public static func choice(_ name: String, default fallback: Value, _ purpose: String) -> Setting {
        let words = Value.allCases.map(\.rawValue)
        return Setting(
            name, shape: "one of " + words.joined(separator: ", "), default: fallback, written: fallback.rawValue,
            purpose
        ) { Value(rawValue: $0.lowercased()) }
    }
}
