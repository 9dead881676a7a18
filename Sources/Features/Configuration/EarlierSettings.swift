import BotKit
import Foundation

/// Settings of the earlier bot for what Martlet does not do yet. They are taken and kept, and the answer says so.
enum EarlierSettings {
    static let described: [RuntimeSettingDescription] = [
        choice(
            "dalle", "size", ["256x256", "512x512", "1024x1024"],
            Text(
                "configuration.dalle_size_usage", en: "{command} dalle size <size> - the size of images that are made",
                he: "{command} dalle size <size> - הגודל של תמונות שנוצרות")),
        choice(
            "transcription", "enabled", ["true", "false"],
            Text(
                "configuration.transcription_enabled_usage",
                en: "{command} transcription enabled <enabled> - whether voice notes are written down",
                he: "{command} transcription enabled <enabled> - אם לתמלל הודעות קוליות")),
        choice(
            "transcription", "mode", ["local", "speech-api", "whisper-api", "openai"],
            Text(
                "configuration.transcription_mode_usage",
                en: "{command} transcription mode <mode> - what writes voice notes down",
                he: "{command} transcription mode <mode> - מה מתמלל הודעות קוליות")),
        choice(
            "tts", "enabled", ["true", "false"],
            Text(
                "configuration.tts_enabled_usage", en: "{command} tts enabled <enabled> - whether answers are spoken",
                he: "{command} tts enabled <enabled> - אם להקריא תשובות")),
        choice(
            "tts", "mode", ["speech-api", "aws-polly"],
            Text(
                "configuration.tts_mode_usage", en: "{command} tts mode <mode> - what speaks answers",
                he: "{command} tts mode <mode> - מה מקריא תשובות")),
        RuntimeSetting<String>(
            "sd", "setModel", in: [.installation],
            usage: Text(
                "configuration.sd_model_usage", en: "{command} sd setModel <name> - the model that makes images",
                he: "{command} sd setModel <name> - המודל שיוצר תמונות"),
            valid: Text(
                "configuration.sd_model_valid", en: "sd setModel: the name of a model", he: "sd setModel: שם של מודל")
        ) { (1...100).contains($0.count) ? $0 : nil }.described(fallback: nil, isFreeText: true, isUsed: false),
    ]

    private static func choice(_ target: String, _ key: String, _ values: [String], _ usage: Text)
        -> RuntimeSettingDescription
    {
        RuntimeSetting<String>(
            target, key, in: [.installation, .account, .chat], usage: usage,
            valid: Text("configuration.choice_valid", en: "{name}: one of {values}", he: "{name}: אחד מאלה: {values}")
                .with([
                    "name": "\(target) \(key)", "values": values.joined(separator: ", "),
                ])
        ) { values.contains($0.lowercased()) ? $0.lowercased() : nil }.described(fallback: nil, isUsed: false)
    }
}

/// What is no setting of a chat: it stands in the environment alone.
struct SecretSetting: Sendable {
    private static let variables = ["gpt.apikey": "OPENAI_API_KEY", "gpt.organization": "OPENAI_ORGANIZATION"]
    private static let marks = [
        "key", "token", "secret", "password", "organization", "credential", "מפתח", "סיסמ", "סוד", "אסימון",
    ]
    /// How the keys of common vendors begin.
    private static let beginnings = ["sk-", "sk_", "pk-", "hf_", "gsk_", "ghp_", "xox", "akia", "aiza", "eyj"]

    /// The environment variable; `nil` when nothing here has the meaning.
    let variable: String?
    /// What stands in the audit, which never forgets: one of the names that are known, and nothing that was said.
    let name: String

    /// Whether the two words name a secret, or one of `words` looks like one; when in doubt they do.
    init?(target: Substring, key: Substring, words: [Substring]) {
        let (target, key) = (Self.plain(target), Self.plain(key))
        let name = "\(target).\(key)"
        let isNamed = Self.marks.contains { key.contains($0) } && key != "maxmodeltokens"
        let isOfAnother = ["aws", "whisper"].contains(target) && !key.isEmpty
        guard isNamed || isOfAnother || Self.isDisguised(key) || words.contains(where: { Self.isKey(Self.plain($0)) })
        else { return nil }
        variable = Self.variables[name]
        self.name = variable == nil ? "secret" : name
    }

    /// Whether it is the one that could be set in a chat of the earlier bot.
    var isModelKey: Bool { name == "gpt.apikey" }

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
