import BotKit

/// `!config set`, `unset` and `undo`, and the earlier bot's `!config TARGET KEY VALUE`: one for each reach, for each
/// needs another permission.
struct ChangeConfigCommand: Command {
    /// The scope, where an account is as wide as the installation.
    let reach: SettingScope
    let grammar: ConfigGrammar
    let book: any SettingBook

    var needs: Permission {
        switch reach {
        case .member: .configureSelf
        case .chat: .configureChat
        case .account, .installation: .configure
        }
    }
    let namesSettings = true
    var words: Set<String> { grammar.words }
    var usage: Text {
        let text: Text =
            switch reach {
            case .member: .changeSelfUsage
            case .chat: .changeChatUsage
            case .account, .installation: .changeAllUsage
            }
        return text.with(["command": grammar.prefix])
    }

    func isCalled(by text: String) -> Bool { grammar.isCalled(by: text) }

    func accepts(_ turn: Turn) -> Bool {
        switch grammar.read(turn) {
        case .set(_, _, let scope), .unset(_, let scope), .undo(let scope):
            reach == (scope == .account ? .installation : scope)
        // What everybody may do, everybody is told about.
        case .wrong(_, let scope): reach == .member && scope == .member
        case .help, .show, .chatID, .dryRun, .secret, .whitelist, nil: false
        }
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        switch grammar.read(turn) {
        case .set(let setting, let value, let scope): return try set(setting, to: value, scope, in: turn)
        case .unset(let setting, let scope): return try await unset(setting, scope, in: turn)
        case .undo(let scope): return try await undo(scope, in: turn)
        case .wrong(let texts, _): return [.lines(texts)]
        case .help, .show, .chatID, .dryRun, .secret, .whitelist, nil: throw Refusal(usage, reason: "bad_arguments")
        }
    }

    private func set(_ setting: RuntimeSettingDescription, to value: String, _ scope: SettingScope, in turn: Turn)
        throws -> Answer
    {
        try setting.requireChoice(of: value, at: reach, in: turn)
        let confirmation = scope.confirmation.with(setting.words(value))
        return Answer(
            [setting.isUsed ? .text(confirmation) : .lines([confirmation, .notUsedYet])],
            writes: book.setting(setting.name, to: value, at: SettingPlace(scope, of: turn), at: turn.receivedAt),
            audit: [entry(setting, scope, turn, ["value": setting.isFreeText ? "text" : String(value.prefix(100))])])
    }

    private func unset(_ setting: RuntimeSettingDescription, _ scope: SettingScope, in turn: Turn) async throws
        -> Answer
    {
        let place = SettingPlace(scope, of: turn)
        guard let value = try await book.values(at: place)[setting.name] else {
            throw Refusal(.nothingToUnset.with(setting.words("")), reason: "nothing_to_unset")
        }
        try setting.requireChoice(of: value, at: reach, in: turn)
        return Answer(
            [.text(.unset.with(setting.words("")))],
            writes: book.setting(setting.name, to: nil, at: place, at: turn.receivedAt),
            audit: [entry(setting, scope, turn, ["value": "unset"])])
    }

    private func undo(_ scope: SettingScope, in turn: Turn) async throws -> Answer {
        guard let change = try await book.lastChange(at: SettingPlace(scope, of: turn)),
            let setting = grammar.settings.first(where: { $0.name == change.name })
        else { throw Refusal(.nothingToUndo, reason: "nothing_to_undo") }
        // What an admin of the bot chose for a group is not for the group's admins to bring back, or to end.
        for value in [change.before, change.after].compactMap(\.self) {
            try setting.requireChoice(of: value, at: reach, in: turn)
        }
        let text: Text = change.before == nil ? .unset : scope.confirmation
        return Answer(
            [.text(text.with(setting.words(change.before ?? "")))],
            writes: book.undoing(change, at: turn.receivedAt), audit: [entry(setting, scope, turn, ["value": "undone"])]
        )
    }

    private func entry(
        _ setting: RuntimeSettingDescription, _ scope: SettingScope, _ turn: Turn, _ more: [String: String]
    ) -> AuditEntry {
        let details = ["setting": setting.name, "scope": scope.rawValue].merging(more) { $1 }
        let isElsewhere = scope == .installation || scope == .account
        return AuditEntry(
            .configurationUpdate,
            of: isElsewhere ? nil : scope == .chat ? .chat(turn.chat.id) : .member(turn.member.id), details: details)
    }
}
