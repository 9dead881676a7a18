/// A sentence for a member, in English and Hebrew, with `{placeholders}`.
///
/// It is written in the order in which it is read, without direction marks: `Phrasebook` adds them round commands and
/// values.
/// The key is `feature.what` and names the sentence in the overlays of further languages (`Phrasebook`).
public struct Text: Sendable, Hashable {
    public let key: String
    public let english: String
    public let hebrew: String
    /// The values of the placeholders, by name without braces.
    public private(set) var values: [String: String] = [:]

    public init(_ key: String, en: String, he: String) {
        self.key = key
        english = en
        hebrew = he
    }

    /// The same sentence with its placeholders filled. Values are data: braces inside them stay as they are.
    public func with(_ values: [String: String]) -> Text {
        var copy = self
        copy.values.merge(values) { $1 }
        return copy
    }
}

/// The words of the product in every language it speaks.
public struct Phrasebook: Sendable {
    private let overlays: [Language: [String: String]]

    /// - Parameter overlays: for a language beyond English and Hebrew, its sentences by the key of their `Text`.
    public init(overlays: [Language: [String: String]] = [:]) { self.overlays = overlays }

    /// The languages that sentences can be asked for.
    public var languages: Set<Language> { Set(overlays.keys).union([.english, .hebrew]) }

    /// The sentence in `language`, or in English when that language has none.
    public func string(_ text: Text, in language: Language) -> String {
        let template = overlays[language]?[text.key] ?? (language == .hebrew ? text.hebrew : text.english)
        guard language.isRightToLeft else { return Self.fill(template, with: text.values, rightToLeft: false) }
        return Self.fill(template.isolatingCommands, with: text.values, rightToLeft: true)
    }

    /// Replaces each `{name}` once, left to right; what was filled in is not looked at again.
    private static func fill(_ template: String, with values: [String: String], rightToLeft: Bool) -> String {
        guard !values.isEmpty, template.contains("{") else { return template }
        var result = ""
        var rest = template[...]
        while let close = rest.firstIndex(of: "}") {
            guard let open = rest[..<close].lastIndex(of: "{") else {
                result += rest[...close]
                rest = rest[rest.index(after: close)...]
                continue
            }
            result += rest[..<open]
            let name = String(rest[rest.index(after: open)..<close])
            if let value = values[name] {
                result += rightToLeft ? value.isolatedLeftToRight : value
            } else {
                result += rest[open...close]
            }
            rest = rest[rest.index(after: close)...]
        }
        return result + rest
    }
}
