import BotKit

/// Who answers a turn.
struct Route: Sendable {
    /// The name of the feature, for the metrics.
    let feature: String
    let responder: any Responder
}

/// Finds who answers: an open dialogue, a command, media, then chat, in the order of the product's list.
struct Router: Sendable {
    private let routes: [Route]
    private let commands: [any Command]

    init(_ features: [any Feature]) {
        routes = features.flatMap { feature in
            feature.responders.map { Route(feature: type(of: feature).name, responder: $0) }
        }
        commands = routes.compactMap { $0.responder as? any Command }
    }

    /// The first responder that accepts, and in `turn` what it shall see.
    ///
    /// What stands behind `--session` is a token for those that ask for one, and words of the member for all others.
    /// - Throws: as `route(for:)`.
    func route(adapting turn: inout Turn) throws -> Route {
        if case (let rest, let word?) = turn.text.splittingSession() {
            var cut = turn
            (cut.text, cut.session) = (rest, word)
            if let route = try? route(for: cut), route.responder.needs.isElevated {
                turn = cut
                return route
            }
        }
        return try route(for: turn)
    }

    /// The first responder that accepts.
    /// - Throws: `Silence` when the turn is not for us; `Refusal` when it is and nobody can read it.
    func route(for turn: Turn) throws -> Route {
        guard turn.isAddressed else { throw Silence(turn.reasonForSilence) }
        if let route = routes.first(where: { $0.responder.accepts(turn) }) { return route }
        if let call = CommandCall(turn.choice ?? turn.text) {
            let (suggestion, command) = suggestion(for: call.word)
            // In a group an unknown word with a prefix may be meant for another bot.
            if turn.chat.isGroup && turn.addressing == .prefix && suggestion == nil { throw Silence(.otherBot) }
            return Route(
                feature: "core", responder: UnknownCommand(call: call, suggestion: suggestion, isLike: command))
        }
        if turn.message.content == .fileTooLarge, !turn.chat.isGroup {
            throw Refusal(.fileTooLarge, reason: "media_too_large")
        }
        if !turn.media.isEmpty || turn.isUnreadable { throw Refusal(.cannotRead, reason: "unreadable") }
        throw Silence(.noResponder)
    }

    /// Whether `text` calls one of the commands.
    func isCall(_ text: String) -> Bool { commands.contains { $0.isCalled(by: text) } }

    /// Whether `text` calls a command with fixed words, which show nobody's language.
    func isForm(_ text: String) -> Bool {
        guard CommandCall(text) != nil else { return false }
        return !commands.contains { $0.takesSentences && $0.isCalled(by: text) }
    }

    /// Whether `text` is a word that ends a running answer.
    func isStop(_ text: String) -> Bool { commands.contains { $0.stopsRunningAnswer && $0.isCalled(by: text) } }

    /// The known command that is at most two slips away from `word`, as it is written with the prefix of `word`.
    private func suggestion(for word: String) -> (word: String?, command: (any Command)?) {
        func names(of command: any Command) -> [String] {
            command.words.map { String($0.drop { !$0.isLetter }) }.filter { !$0.isEmpty }
        }
        let nearest = Spelling.nearest(to: String(word.dropFirst()), among: commands.flatMap(names))
        guard let nearest else { return (nil, nil) }
        return (word.prefix(1) + nearest, commands.first { names(of: $0).contains(nearest) })
    }
}

extension Turn {
    /// Why nobody looks for an answer.
    fileprivate var reasonForSilence: TurnReason {
        guard chat.isGroup else { return .prefixRequired }
        return chat.activation == .prefix ? .notCommand : .notMentioned
    }

    /// Whether it holds something that nobody can read.
    fileprivate var isUnreadable: Bool {
        if case .unsupported = message.content { !chat.isGroup } else { false }
    }
}

/// Answers a command that does not exist.
struct UnknownCommand: Responder {
    let word: String
    let suggestion: String?
    /// What it would have been a secret of.
    private let secret: SecretSetting?
    private let arguments: Substring
    var isWatched: Bool { secret != nil }

    init(call: CommandCall, suggestion: String?, isLike command: (any Command)?) {
        word = call.word
        self.suggestion = suggestion
        arguments = call.arguments
        secret = SecretSetting(in: call, namesSettings: command?.namesSettings ?? false)
    }

    func accepts(_ turn: Turn) -> Bool { true }

    func answer(_ turn: Turn) async throws -> Answer {
        if let secret { return try forget(secret, in: turn) }
        let typed = ["command": String(word.prefix(32))]
        guard let suggestion else { return [.text(.unknownCommand.with(typed))] }
        let words = ["suggestion": suggestion].merging(typed) { $1 }
        return [
            .menu(
                Menu(
                    question: .text(.didYouMean.with(words)),
                    options: [
                        .init(
                            id: String("\(suggestion) \(arguments)".prefix(200)).trimmingInvisible.description,
                            title: .text(.yesDoIt.with(words)))
                    ]))
        ]
    }

    /// A button would say it once more, and so would the word itself.
    private func forget(_ secret: SecretSetting, in turn: Turn) throws -> Answer {
        let help = suggestion.map { Text.perhapsMeant.with(["suggestion": $0]) }
        return Answer(
            [.lines([.unknownWithSecret] + [help].compactMap(\.self))], writes: try turn.forgetting(as: "!***"),
            audit: [
                AuditEntry(.configurationUpdate, .denied, details: ["setting": secret.name, "reason": "secret"])
            ])
    }
}
