import BotKit

/// What may be set about the model while the bot runs.
enum ChatRuntimeSettings {
    static let model = RuntimeSetting<String>(
        "gpt", "model", in: [.installation, .account, .chat],
        usage: Text(
            "chat.config_model_usage", en: "{command} gpt model <name> - the model that answers",
            he: "{command} gpt model <name> - המודל שעונה"),
        valid: Text(
            "chat.config_model_valid", en: "gpt model: the name of a model, or an alias",
            he: "gpt model: שם של מודל, או כינוי")
    ) { text in
        // A name is passed on to a server; nothing but what names are made of.
        let signs: Set<Character> = ["-", "_", ".", ":", "/", "@"]
        let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || signs.contains($0)) }
        return (1...100).contains(text.count) && isName ? text : nil
    }

    static let prePrompt = RuntimeSetting<String>(
        "gpt", "prePrompt", in: [.installation, .account, .chat],
        usage: Text(
            "chat.config_preprompt_usage",
            en: "{command} gpt prePrompt <text> - what the model is told before every conversation",
            he: "{command} gpt prePrompt <text> - מה נאמר למודל לפני כל שיחה"),
        valid: Text(
            "chat.config_preprompt_valid", en: "gpt prePrompt: a text of up to 4000 characters",
            he: "gpt prePrompt: טקסט של עד 4000 תווים")
    ) { (1...4_000).contains($0.count) ? $0 : nil }

    static let contextTokens = RuntimeSetting<Int>(
        "gpt", "maxModelTokens", in: [.installation, .account],
        usage: Text(
            "chat.config_tokens_usage",
            en: "{command} gpt maxModelTokens <number> - how much of a conversation the model sees, in tokens",
            he: "{command} gpt maxModelTokens <number> - כמה מהשיחה המודל רואה, בטוקנים"),
        valid: Text(
            "chat.config_tokens_valid", en: "gpt maxModelTokens: an integer from 256 to 2000000",
            he: "gpt maxModelTokens: מספר שלם מ־256 עד 2000000")
    ) { text in Int(text).flatMap { (256...2_000_000).contains($0) ? $0 : nil } }

    static func described(_ settings: ChatSettings, modelName: String) -> [RuntimeSettingDescription] {
        [
            model.described(fallback: modelName, forGroupAdmins: settings.modelChoices),
            prePrompt.described(fallback: settings.prePrompt, isFreeText: true),
            contextTokens.described(fallback: "\(settings.contextTokens)"),
        ]
    }
}
