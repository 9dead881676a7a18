import BotKit

/// `!config help` and `!config show`, and what changes nothing besides.
struct LookAtConfigCommand: Command {
    let grammar: ConfigGrammar
    let book: any SettingBook
    let fixed: [(name: String, value: String)]
    let needs = Permission.seeConfiguration

    let namesSettings = true
    var words: Set<String> { grammar.words }
    var usage: Text { Text.lookUsage.with(["command": grammar.prefix]) }

    func isCalled(by text: String) -> Bool { grammar.isCalled(by: text) }

    func accepts(_ turn: Turn) -> Bool {
        switch grammar.read(turn) {
        case .help, .show, .chatID, .dryRun: true
        case .wrong(_, let scope): scope != .member
        case .set, .unset, .undo, .secret, .whitelist, nil: false
        }
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        switch grammar.read(turn) {
        case .show: return [.lines(try await shown(to: turn))]
        case .chatID: return [.text(.chatID.with(["id": turn.chat.id.rawValue]))]
        case .dryRun(let setting, let value, let scope):
            try setting.requireChoice(of: value, at: scope, in: turn)
            let before = try await book.values(at: SettingPlace(scope, of: turn))[setting.name]
            return [.lines([.nothingChanged, scope.wouldBe.with(setting.words(value)), .before(before)])]
        case .wrong(let texts, _): return [.lines(texts)]
        case .help, .set, .unset, .undo, .secret, .whitelist, nil: return [.lines(help)]
        }
    }

    /// The commands and their values, in the layout of the earlier bot.
    private var help: [Text] {
        let command = ["command": grammar.prefix]
        let commands = grammar.settings.map { Text.indented($0.usage.with(command)) }
        return [.availableCommands, .indented(usage), .indented(grammar.usage)] + commands
            + [.availableValues] + grammar.settings.map { Text.indented($0.valid) }
    }

    private func shown(to turn: Turn) async throws -> [Text] {
        let lines = grammar.settings.filter { $0.isUsed || turn.settings.stored($0.name) != nil }.map { setting in
            guard let stored = turn.settings.stored(setting.name) else {
                return Text.lineOfEnvironment.with(setting.words(setting.fallback ?? "-"))
            }
            return stored.scope.line.with(setting.words(stored.text))
        }
        let others = fixed.map { Text.lineOfEnvironment.with(["name": $0.name, "value": $0.value]) }
        return [.settingsInForce] + lines + [.onlyInEnvironment] + others
    }
}

extension RuntimeSettingDescription {
    /// Who administers no more than a group chooses among what the operator offers.
    func requireChoice(of value: String, at scope: SettingScope, in turn: Turn) throws {
        guard scope == .chat, turn.member.role < .admin, let offered = forGroupAdmins, !offered.contains(value)
        else { return }
        let choices = offered.isEmpty ? "-" : offered.sorted().joined(separator: ", ")
        throw Refusal.denial(
            .notOffered.with(["name": "\(target) \(key)", "values": choices]), reason: "not_offered",
            details: ["setting": name])
    }

    /// Its name and a value for a text; of long words only the beginning.
    func words(_ value: String) -> [String: String] {
        ["name": "\(target) \(key)", "value": value.count > 120 ? "\(value.prefix(120))…" : value]
    }
}
