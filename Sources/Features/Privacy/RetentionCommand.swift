import BotKit

/// `!retention` and `!retention show` say for how long the chat is kept; in a direct chat `set DAYS` sets it.
struct RetentionCommand: Command {
    let book: any PrivacyBook
    let words: Set<String> = ["retention"]
    let usage = Text(
        "privacy.retention_usage",
        en: "!retention show, !retention set DAYS – for how many days (1 to 365) I keep this chat",
        he: "!retention show, !retention set DAYS – לכמה ימים (1 עד 365) אני שומר את הצ׳אט הזה")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        if arguments.isEmpty || arguments.lowercased() == "show" {
            return [.text(try await book.choice(of: turn.chat.id).explanation)]
        }
        guard !turn.chat.isGroup, let days = RetentionDays(arguments) else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        return try await book.setting(days, in: turn)
    }
}

/// `!retention set DAYS` in a group, by its admins.
struct GroupRetentionCommand: Command {
    let book: any PrivacyBook
    let needs = Permission.setGroupPrivacy
    let words: Set<String> = ["retention"]
    let usage = Text(
        "privacy.group_retention_usage", en: "!retention set DAYS – in a group its admins set that (1 to 365)",
        he: "!retention set DAYS – בקבוצה מנהליה קובעים את זה (1 עד 365)")

    func accepts(_ turn: Turn) -> Bool {
        guard turn.chat.isGroup, let call = CommandCall(turn), call.isCall(of: words) else { return false }
        return call.arguments.split(whereSeparator: \.isWhitespace).first?.lowercased() == "set"
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard let days = RetentionDays(arguments) else { throw Refusal(usage, reason: "bad_arguments") }
        return try await book.setting(days, in: turn)
    }
}

/// `set DAYS`, read.
private struct RetentionDays {
    let count: Int

    init?(_ arguments: Substring) {
        let words = arguments.split(whereSeparator: \.isWhitespace)
        guard words.count == 2, words[0].lowercased() == "set", words[1].utf8.count <= 3, let count = Int(words[1]),
            (1...365).contains(count)
        else { return nil }
        self.count = count
    }
}

extension PrivacyBook {
    fileprivate func setting(_ days: RetentionDays, in turn: Turn) async throws -> Answer {
        var choice = try await choice(of: turn.chat.id)
        let isLonger = days.count > choice.days
        choice.days = days.count
        var answer = Answer(
            [.lines([.set, choice.explanation])],
            writes: keeping(turn.chat.id, days: days.count, at: turn.receivedAt),
            audit: [AuditEntry(.retentionChange, of: .chat(turn.chat.id), details: ["days": "\(days.count)"])])
        // Who wants it kept for longer has to allow it first.
        if isLonger, choice.isOpen, !choice.isAsked { answer.add(asking(choice, in: turn)) }
        return answer
    }
}

extension Text {
    fileprivate static let set = Text("privacy.retention_set", en: "Set.", he: "נקבע.")
}
