import BotKit

/// What a `!config` message asks for.
enum ConfigCall: Sendable {
    case help
    case show
    case chatID
    case set(RuntimeSettingDescription, to: String, SettingScope)
    case dryRun(RuntimeSettingDescription, to: String, SettingScope)
    case unset(RuntimeSettingDescription, SettingScope)
    case undo(SettingScope)
    case secret(SecretSetting, value: String)
    /// Who shall be answered, in the earlier bot's form.
    case whitelist(String)
    /// It cannot be read; what to say to that.
    case wrong([Text], SettingScope)
}

/// Reads `!config [show|set|unset|undo|dry-run|help] [--here|--me|--account|--all] TARGET KEY VALUE`.
///
/// The form of the earlier bot, `!config TARGET KEY VALUE`, is `set`. Without a scope a group means itself, and a
/// direct chat means everywhere.
struct ConfigGrammar: Sendable {
    let prefix: String
    let settings: [RuntimeSettingDescription]
    let words: Set<String>

    init(prefix: String, settings: [RuntimeSettingDescription]) {
        self.prefix = prefix
        self.settings = settings
        words = Self.words.union([PrefixedText.word(of: prefix)].compactMap(\.self))
    }

    func isCalled(by text: String) -> Bool { PrefixedText(text, prefix: prefix, words: words) != nil }

    /// - Returns: `nil` when the turn is no such call.
    func read(_ turn: Turn) -> ConfigCall? {
        guard let call = PrefixedText(turn.choice ?? turn.text, prefix: prefix, words: words) else { return nil }
        var rest = call.rest
        let verb = Self.verbs.contains(rest.firstWord.lowercased()) ? rest.takeWord().lowercased() : "set"
        var scope = turn.chat.isGroup ? SettingScope.chat : .installation
        while let named = Self.scope(rest.firstWord) {
            scope = named
            _ = rest.takeWord()
        }
        // Before all else: what may be a secret is one, whatever stands round it.
        var value = rest
        let target = value.takeWord()
        if let secret = SecretSetting(
            target: target, key: value.takeKey(), words: rest.split(whereSeparator: \.isWhitespace))
        {
            return .secret(secret, value: String(value))
        }
        switch verb {
        case "help": return .help
        case "show": return .show
        case "undo": return rest.isEmpty ? .undo(scope) : .wrong([usage], scope)
        default: return read(verb, rest, scope)
        }
    }

    private func read(_ verb: String, _ text: Substring, _ scope: SettingScope) -> ConfigCall {
        var rest = text
        // One word, or none, asks for help, as it did in the earlier bot.
        let target = String(rest.takeWord().prefix(64))
        guard !target.isEmpty, !rest.isEmpty else {
            return verb == "set" ? .help : .wrong([usage], scope)
        }
        let key = String(rest.takeKey().prefix(64))
        switch (target.lowercased(), key.lowercased()) {
        case ("chat", "id"): return .chatID
        case ("general", "settings"): return .show
        case ("general", "whitelist"):
            return verb == "set" && !rest.isEmpty ? .whitelist(String(rest)) : .wrong([.whitelistIsElsewhere], scope)
        case ("sd", "generate"): return .wrong([.noImagesYet], scope)
        default: break
        }
        let ofTarget = settings.filter { $0.target.lowercased() == target.lowercased() }
        guard !ofTarget.isEmpty else {
            return .wrong([.invalidTarget.with(["target": target, "targets": targets.joined(separator: ", ")])], scope)
        }
        guard let setting = ofTarget.first(where: { $0.key.lowercased() == key.lowercased() }) else {
            let keys = ofTarget.map(\.key).joined(separator: ", ")
            return .wrong([.invalidKey.with(["target": ofTarget[0].target, "key": key, "keys": keys])], scope)
        }
        guard setting.scopes.contains(scope) else {
            let flags = SettingScope.allCases.filter(setting.scopes.contains).map(\.flag).joined(separator: ", ")
            return .wrong([.notInScope.with(["name": "\(setting.target) \(setting.key)", "flags": flags])], scope)
        }
        if verb == "unset" { return rest.isEmpty ? .unset(setting, scope) : .wrong([usage], scope) }
        guard !rest.isEmpty else { return .wrong([.tooFewArguments, usage], scope) }
        guard setting.accepts(String(rest)) else {
            return .wrong([.invalidValue.with(["name": "\(setting.target) \(setting.key)"]), setting.valid], scope)
        }
        return verb == "dry-run" ? .dryRun(setting, to: String(rest), scope) : .set(setting, to: String(rest), scope)
    }

    /// The targets that there are, in their order.
    private var targets: [String] {
        settings.reduce(into: ["chat"]) { if !$0.contains($1.target) { $0.append($1.target) } }
    }

    var usage: Text { Text.configUsage.with(["command": prefix]) }

    private static let words: Set<String> = ["config", "הגדרות"]
    private static let verbs: Set<String> = ["help", "show", "set", "unset", "undo", "dry-run"]

    /// Telephones write a dash for two hyphens.
    private static func scope(_ word: Substring) -> SettingScope? {
        let dashes = word.prefix { "-—–".contains($0) }
        guard !dashes.isEmpty else { return nil }
        return SettingScope.allCases.first { $0.flag.dropFirst(2) == word[dashes.endIndex...].lowercased() }
    }
}

extension SettingScope {
    /// How it is asked for.
    var flag: String {
        switch self {
        case .installation: "--all"
        case .account: "--account"
        case .chat: "--here"
        case .member: "--me"
        }
    }
}

extension Substring {
    fileprivate var firstWord: Substring { prefix { !$0.isWhitespace } }

    /// Takes the first word off, or what stands before a `=` or `:`: a value may follow its key without a space.
    fileprivate mutating func takeKey() -> Substring {
        let key = prefix { !$0.isWhitespace && $0 != "=" && $0 != ":" }
        self = self[key.endIndex...].drop { $0 == "=" || $0 == ":" }.trimmingInvisible
        return key
    }

    /// Takes the first word off, with the white space behind it.
    fileprivate mutating func takeWord() -> Substring {
        let word = firstWord
        self = self[word.endIndex...].trimmingInvisible
        return word
    }
}
