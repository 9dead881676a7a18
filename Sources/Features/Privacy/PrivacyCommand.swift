import BotKit

/// `!privacy` says what is kept of the chat, where, and for how long; in a direct chat `!privacy accept` and `!privacy
/// decline` decide about it.
struct PrivacyCommand: Command {
    let book: any PrivacyBook
    let words: Set<String> = ["privacy", "פרטיות"]
    let usage = Text(
        "privacy.usage", en: "!privacy – what I keep of this chat; !privacy accept or decline decides about it",
        he: "!privacy – מה אני שומר מהצ׳אט הזה; עם accept או decline מחליטים על כך")

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        if let consent = PrivacyChoice.Consent(argument: arguments), !turn.chat.isGroup {
            return try await book.deciding(consent, in: turn)
        }
        guard arguments.isEmpty else { throw Refusal(usage, reason: "bad_arguments") }
        let choice = try await book.choice(of: turn.chat.id)
        let explained = Reply.lines([
            turn.chat.isGroup ? .keptOfGroups : .kept, .keptWhere, choice.explanation,
            turn.chat.isGroup ? .keptUntilErasedOfGroups : .keptUntilErased, .yourCommands,
        ])
        guard !turn.chat.isGroup, choice.isOpen else { return [explained] }
        var answer = book.asking(choice, in: turn)
        answer.replies.insert(explained, at: 0)
        return answer
    }
}

/// `!privacy accept` and `!privacy decline` in a group, by its admins.
struct GroupConsentCommand: Command {
    let book: any PrivacyBook
    let needs = Permission.setGroupPrivacy
    let words: Set<String> = ["privacy", "פרטיות"]
    let usage = Text(
        "privacy.group_usage", en: "!privacy accept, !privacy decline – in a group its admins decide that for it",
        he: "!privacy accept, !privacy decline – בקבוצה מנהליה מחליטים בשבילה")

    func accepts(_ turn: Turn) -> Bool {
        guard turn.chat.isGroup, let call = CommandCall(turn), call.isCall(of: words) else { return false }
        return PrivacyChoice.Consent(argument: call.arguments) != nil
    }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard let consent = PrivacyChoice.Consent(argument: arguments) else {
            throw Refusal(usage, reason: "bad_arguments")
        }
        return try await book.deciding(consent, in: turn)
    }
}

extension PrivacyBook {
    /// Decides for the chat of a turn, and says what follows from it.
    fileprivate func deciding(_ consent: PrivacyChoice.Consent, in turn: Turn) async throws -> Answer {
        var choice = try await choice(of: turn.chat.id)
        choice.consent = consent
        return Answer(
            [.lines([turn.chat.isGroup ? .groupDecided : .decided, choice.explanation])],
            writes: noting(consent, in: turn.chat.id, at: turn.receivedAt),
            audit: [AuditEntry(.consentChange, of: .chat(turn.chat.id), details: ["consent": consent.rawValue])])
    }
}

extension PrivacyChoice {
    /// How long the chat is kept, in words.
    var explanation: Text {
        let values = ["days": "\(days)", "hours": "\(runningHours)"]
        if runningHours == 0 { return .keptFor.with(values) }
        switch consent {
        case .given: return .keptByConsent.with(values)
        case .declined: return .keptWhileRunningByChoice.with(values)
        case nil: return .keptWhileRunning.with(values)
        }
    }
}

extension PrivacyChoice.Consent {
    fileprivate init?(argument: Substring) {
        switch argument.lowercased() {
        case "accept", "אישור": self = .given
        case "decline", "סירוב": self = .declined
        default: return nil
        }
    }
}

extension Text {
    fileprivate static let kept = Text(
        "privacy.kept",
        en:
            "What I keep: your messages, my answers, the conversation for the language model, the settings of this "
            + "chat, your number and name, and how much each answer cost. Pictures and voice notes are not kept.",
        he: "מה נשמר: ההודעות שלך, התשובות שלי, השיחה בשביל מודל השפה, הגדרות הצ׳אט, המספר והשם שלך, וכמה עלתה כל "
            + "תשובה. תמונות והקלטות לא נשמרות.")
    fileprivate static let keptOfGroups = Text(
        "privacy.kept_of_groups",
        en:
            "What I keep of this group: the messages that reach me with their senders, my answers, the conversation "
            + "for the language model, and the settings of the group. Pictures and voice notes are not kept.",
        he: "מה נשמר מהקבוצה הזאת: ההודעות שמגיעות אליי ומי שלח אותן, התשובות שלי, השיחה בשביל מודל השפה והגדרות "
            + "הקבוצה. תמונות והקלטות לא נשמרות.")
    fileprivate static let keptWhere = Text(
        "privacy.kept_where",
        en: "Where: in one database on the machine of whoever runs me. What you ask me goes to the language model that "
            + "they chose.",
        he: "איפה: במסד נתונים אחד, במחשב של מי שמפעיל אותי. מה ששואלים אותי עובר למודל השפה שהם בחרו.")
    fileprivate static let keptFor = Text(
        "privacy.kept_for", en: "How long: messages are removed after {days} days.",
        he: "כמה זמן: הודעות נמחקות אחרי {days} ימים.")
    fileprivate static let keptByConsent = Text(
        "privacy.kept_by_consent",
        en: "How long: you agreed that I keep this chat; messages are removed after {days} days.",
        he: "כמה זמן: יש הסכמה לשמור את הצ׳אט הזה; הודעות נמחקות אחרי {days} ימים.")
    fileprivate static let keptWhileRunning = Text(
        "privacy.kept_while_running",
        en:
            "How long: only the running conversation. Once nobody has written here for {hours} hours, it is removed in "
            + "the next night, and after {days} days in any case. Nobody has agreed to more.",
        he: "כמה זמן: רק השיחה הנוכחית. אחרי {hours} שעות בלי הודעות היא נמחקת בלילה הבא, ובכל מקרה אחרי {days} ימים. "
            + "עוד לא ניתנה הסכמה ליותר מזה.")
    fileprivate static let keptWhileRunningByChoice = Text(
        "privacy.kept_while_running_by_choice",
        en:
            "How long: only the running conversation, as was decided here. Once nobody has written for {hours} hours, "
            + "it is removed in the next night, and after {days} days in any case.",
        he: "כמה זמן: רק השיחה הנוכחית, כפי שהוחלט כאן. אחרי {hours} שעות בלי הודעות היא נמחקת בלילה הבא, ובכל מקרה "
            + "אחרי {days} ימים.")
    fileprivate static let keptUntilErased = Text(
        "privacy.kept_until_erased",
        en: "Your number and name, and what was set or decided here, stay until you wipe them.",
        he: "המספר והשם שלך, ומה שנקבע כאן, נשמרים עד שמוחקים אותם עם !wipe.")
    fileprivate static let keptUntilErasedOfGroups = Text(
        "privacy.kept_until_erased_of_groups",
        en: "Who wrote here, by number and name, and what was set or decided, stays until it is wiped.",
        he: "מי כתב כאן, לפי מספר ושם, ומה שנקבע כאן, נשמרים עד שמוחקים אותם.")
    fileprivate static let yourCommands = Text(
        "privacy.your_commands",
        en:
            "You can change that at any time: !privacy accept or !privacy decline, !retention set DAYS, !export for a "
            + "copy of everything, !wipe to erase it.",
        he: "אפשר לשנות את זה בכל רגע: !privacy accept או !privacy decline, וגם !retention set DAYS, "
            + "!export כדי לקבל עותק של הכול, !wipe כדי למחוק.")
    fileprivate static let decided = Text("privacy.decided", en: "Noted, thank you.", he: "נרשם, תודה.")
    fileprivate static let groupDecided = Text(
        "privacy.group_decided", en: "For everybody in this group: an admin decided what I keep of it.",
        he: "לידיעת כל חברי הקבוצה: הוחלט על ידי מנהל מה אני שומר ממנה.")
}
