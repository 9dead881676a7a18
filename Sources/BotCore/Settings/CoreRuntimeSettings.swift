public import BotKit

/// The settings of the line itself that may be changed while the bot runs.
public enum CoreRuntimeSettings {
    /// The language of the bot's own sentences. For a chat or a member it holds whatever they write in; wider, it is
    /// the one for those whose texts do not show one.
    static let language = RuntimeSetting<Language>(
        "general", "language", in: [.installation, .account, .chat, .member],
        usage: Text(
            "core.config_language_usage", en: "{command} general language <language> - the language I speak",
            he: "{command} general language <language> - השפה שבה אני מדבר"),
        valid: Text(
            "core.config_language_valid", en: "general language: a code such as en or he",
            he: "general language: קוד כמו en או he")
    ) { text in
        let code = text.lowercased()
        return (2...3).contains(code.count) && code.allSatisfy { $0.isASCII && $0.isLetter }
            ? Language(rawValue: code) : nil
    }

    static let groupPolicy = RuntimeSetting<AccessSettings.Groups>(
        "group", "policy", in: [.installation, .account],
        usage: Text(
            "core.config_group_policy_usage", en: "{command} group policy <policy> - the groups that I answer in",
            he: "{command} group policy <policy> - הקבוצות שבהן אני עונה"),
        valid: Text(
            "core.config_group_policy_valid", en: "group policy: one of all, allowlist, off",
            he: "group policy: אחד מאלה: all, allowlist, off")
    ) { AccessSettings.Groups(rawValue: $0.lowercased()) }

    /// For `!config`.
    /// - Parameter languages: those that there are sentences in.
    public static func described(_ settings: BotCore.Settings, languages: Set<Language>) -> [RuntimeSettingDescription]
    {
        let codes = languages.map(\.rawValue).sorted()
        let spoken = RuntimeSetting<Language>(
            language.target, language.key, in: language.scopes, usage: language.usage,
            valid: Text(
                "core.config_languages_valid", en: "general language: one of {languages}",
                he: "general language: אחת מאלה: {languages}"
            ).with(["languages": codes.joined(separator: ", ")])
        ) { text in codes.contains(text.lowercased()) ? Language(rawValue: text.lowercased()) : nil }
        return [
            spoken.described(fallback: settings.pipeline.language.rawValue),
            groupPolicy.described(fallback: settings.access.groups.rawValue),
        ]
    }
}
