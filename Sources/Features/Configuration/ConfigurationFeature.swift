public import BotKit

/// `config`: what is set while the bot runs, for all, for an account, a chat or a member.
public struct ConfigurationFeature: Feature {
    public static let name = "configuration"
    public let responders: [any Responder]
    public let runtimeSettings = EarlierSettings.described

    /// - Parameters:
    ///   - runtimeSettings: what may be set, of the line and of the other features.
    ///   - fixed: what stands in the environment alone and may be shown, by name.
    ///   - keys: takes the keys of the model while secrets may still be set in a chat.
    ///   - admission: lets people in.
    public init(
        settings: ConfigurationSettings, book: any SettingBook, runtimeSettings: [RuntimeSettingDescription],
        fixed: [(name: String, value: String)], keys: any ReplaceableKeys, admission: any PeopleAdmission
    ) {
        let grammar = ConfigGrammar(prefix: settings.prefix, settings: runtimeSettings + EarlierSettings.described)
        responders = [
            SecretConfigResponder(
                needs: .everyone, takesSecrets: false, grammar: grammar, settings: settings, keys: keys),
            SecretConfigResponder(
                needs: .configure, takesSecrets: true, grammar: grammar, settings: settings, keys: keys),
            WhitelistCommand(grammar: grammar, admission: admission),
            LookAtConfigCommand(grammar: grammar, book: book, fixed: fixed),
            ChangeConfigCommand(reach: .member, grammar: grammar, book: book),
            ChangeConfigCommand(reach: .chat, grammar: grammar, book: book),
            ChangeConfigCommand(reach: .installation, grammar: grammar, book: book),
        ]
    }
}
