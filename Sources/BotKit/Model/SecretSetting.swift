import Foundation

/// What is no setting of a chat: it stands in the environment alone.
public struct SecretSetting: Sendable {
    private static let variables = ["gpt.apikey": "OPENAI_API_KEY", "gpt.organization": "OPENAI_ORGANIZATION"]
    private static let marks = [
        "key", "token", "secret", "password", "organization", "credential", "מפתח", "סיסמ", "סוד", "אסימון",
    ]
    /// How the keys of common vendors begin.
    private static let beginnings = ["sk-", "sk_", "pk-", "hf_", "gsk_", "ghp_", "xox", "akia", "aiza", "eyj"]

    /// The environment variable; `nil` when nothing here has the meaning.
    public let variable: String?
    /// What stands in the audit, which never forgets: one of the names that are known, and nothing that was said.
    public let name: String

    /// Whether the two words name a secret, or one of `words` looks like one; when in doubt they do.
    public init?(target: Substring, key: Substring, words: [Substring]) {
        let (target, key) = (Self.plain(target), Self.plain(key))
        // `gpt.apiKey` and `apiKey=` are one word.
        let isJoined = Self.marks.contains { target.contains($0) }
        let name = isJoined ? "" : "\(target).\(key)"
        let isNamed = isJoined || (Self.marks.contains { key.contains($0) } && key != "maxmodeltokens")
        let isOfAnother = ["aws", "whisper"].contains(target) && !key.isEmpty
        guard isNamed || isOfAnother || Self.isDisguised(key) || words.contains(where: { Self.isKey(Self.plain($0)) })
        else { return nil }
        variable = Self.variables[name]
        self.name = variable == nil ? "secret" : name
    }

    /// Looks for one in a command that nobody knows.
    /// - Parameter namesSettings: whether it may be the mistyped one for settings: then names count, too, and not only
    ///   what looks like a key.
    public init?(in call: CommandCall, namesSettings: Bool) {
        let words = call.arguments.split(whereSeparator: \.isWhitespace)
        // The name of a setting may stand behind the word for what is to be done, and behind words and signs for whom.
        let names = namesSettings ? words.prefix(6) : []
        for (target, key) in zip([""] + names, names) {
            let key = key.prefix { $0 != "=" && $0 != ":" }
            guard let secret = SecretSetting(target: target, key: key, words: []) else { continue }
            self = secret
            return
        }
        self.init(target: "", key: "", words: words + [call.word[...]])
    }

    /// Whether it is the one that could be set in a chat of the earlier bot.
    public var isModelKey: Bool { name == "gpt.apikey" }

    /// The word as it looks: small, without signs that nobody sees, and in common letters for those of full width and
    /// the like.
    private static func plain(_ word: Substring) -> String {
        let seen = word.unicodeScalars.filter {
            $0.properties.generalCategory != .format && !$0.properties.isDefaultIgnorableCodePoint
        }
        return String(String.UnicodeScalarView(seen)).precomposedStringWithCompatibilityMapping.lowercased()
    }

    /// Whether letters of two scripts make up the name of a setting, as none does: some look like others.
    private static func isDisguised(_ key: String) -> Bool {
        key.contains { $0.isASCII && $0.isLetter } && key.contains { !$0.isASCII && $0.isLetter }
    }

    /// Whether a word, in quotes or behind a sign or not, looks like a key.
    private static func isKey(_ word: String) -> Bool {
        word.split { !$0.isASCII || !($0.isLetter || $0.isNumber || "-_.".contains($0)) }.contains { piece in
            piece.utf8.count >= 16 && beginnings.contains { piece.lowercased().hasPrefix($0) }
        }
    }
}
