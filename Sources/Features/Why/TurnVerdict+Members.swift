import BotKit

extension TurnVerdict {
    /// The reason for somebody who asks about a message of their own: no policies, no settings of the installation.
    var forMembers: Text {
        switch reason {
        case .answered: .answered
        case .queued: .queued
        case .refused: refusalForMembers
        case .groupsOff, .groupPolicyOff, .groupNotAllowed, .groupDenied: .groupClosed
        case .notMentioned: .notMentioned
        case .notCommand: .notCommand
        case .prefixRequired: .prefixRequired
        case .otherBot: .otherBot
        case .policyClosed, .policyAllowlist, .policyPairing, .denied, .blocked: .senderClosed
        case .limited: .limited
        case .backlog: .backlog
        case .tooOld: .tooOld
        case .kind: .wrongKind
        case .empty: .empty
        case .ownMessage: .ownMessage
        case .noResponder: .noResponder
        case .stopped: .wasStopped
        case .outage: .outage
        case .failed, .givenUp, .unreadable: .failed
        case .history: .history
        }
    }

    private var refusalForMembers: Text {
        switch refusal {
        case "unknown_member": .notLetInYet
        case "too_long", "context_too_long": .tooLongToAnswer
        case "permission": .noPermission
        case "only_in_direct_chats": .onlyInDirectChats
        case "only_in_groups": .onlyInGroups
        case "session_needed", "session_invalid", "session_locked", "session_in_group": .session
        case "unreadable": .cannotRead
        case "media_too_large", "media_gone", "media_damaged": .badFile
        case "model_declined": .modelDeclined
        case "flood", "rate_limit", "rate_limit_global": .limited
        case "bad_arguments": .badArguments
        default: .refused
        }
    }
}

extension Text {
    static let answered = Text("why.answered", en: "I answered that message.", he: "עניתי על ההודעה הזאת.")
    static let queued = Text(
        "why.queued", en: "Its answer takes more work, and waits in the queue. !stop takes it out.",
        he: "התשובה עליה דורשת עבודה רבה יותר, והיא ממתינה בתור. עם !stop אפשר לבטל.")
    static let groupClosed = Text(
        "why.group_closed", en: "I was not answering in this group then. Whoever runs me can change that.",
        he: "באותו זמן לא עניתי בקבוצה הזאת. מי שמפעיל אותי יכול לשנות את זה.")
    static let notMentioned = Text(
        "why.not_mentioned",
        en: """
            It did not turn to me: in this group I answer mentions, replies to my messages, and commands. An admin of \
            the group can change that with !activation.
            """,
        he: """
            ההודעה לא פנתה אליי: בקבוצה הזאת אני עונה כשמזכירים אותי, לתגובות להודעות שלי ולפקודות. מנהל של הקבוצה \
            יכול לשנות את זה עם !activation.
            """)
    static let notCommand = Text(
        "why.not_command",
        en: """
            It did not begin with a command, and in this group I wait for one. !help lists them; an admin of the group \
            can change that with !activation.
            """,
        he: """
            ההודעה לא התחילה בפקודה, ובקבוצה הזאת אני מחכה לפקודה. !help מציג אותן; מנהל של הקבוצה יכול לשנות את זה \
            עם !activation.
            """)
    static let prefixRequired = Text(
        "why.prefix_required",
        en: "It did not begin with a command such as !gpt, and I wait for one. !help lists them.",
        he: "ההודעה לא התחילה בפקודה כמו !gpt, ואני מחכה לפקודה. !help מציג אותן.")
    static let otherBot = Text(
        "why.other_bot",
        en: "I do not know that command, and in a group I leave such commands to other bots. !help lists mine.",
        he: "אני לא מכיר את הפקודה הזאת, ובקבוצה אני משאיר פקודות כאלה לבוטים אחרים. !help מציג את שלי.")
    static let senderClosed = Text(
        "why.sender_closed", en: "I was not answering its sender then. Whoever runs me can change that.",
        he: "באותו זמן לא עניתי למי ששלח אותה. מי שמפעיל אותי יכול לשנות את זה.")
    static let limited = Text(
        "why.limited", en: "It was one message too many in a short time. Waiting a little and asking again helps.",
        he: "היו יותר מדי הודעות בזמן קצר. אפשר לחכות קצת ולשאול שוב.")
    static let backlog = Text(
        "why.backlog",
        en: "Too many of my answers were still waiting to be sent to this chat. It can be sent again now.",
        he: "יותר מדי תשובות שלי עוד חיכו להישלח לצ׳אט הזה. אפשר לשלוח אותה שוב עכשיו.")
    static let tooOld = Text(
        "why.too_old", en: "It reached me too late to be answered. If it still matters, it can be sent again.",
        he: "היא הגיעה אליי מאוחר מכדי לענות עליה. אם זה עדיין חשוב, אפשר לשלוח אותה שוב.")
    static let wrongKind = Text(
        "why.wrong_kind", en: "I do not answer reactions, edits and deleted messages.",
        he: "אני לא עונה על תגובות אמוג׳י, עריכות והודעות שנמחקו.")
    static let empty = Text("why.empty", en: "There were no words in it.", he: "לא היו בה מילים.")
    static let ownMessage = Text(
        "why.own_message", en: "It is a message of mine, and I do not answer myself.",
        he: "זאת הודעה שלי, ואני לא עונה לעצמי.")
    static let noResponder = Text(
        "why.no_responder", en: "There was nothing in it that I have an answer to.",
        he: "לא היה בה משהו שיש לי תשובה עליו.")
    static let wasStopped = Text(
        "why.stopped", en: "The answer was stopped with !stop while I was making it.",
        he: "התשובה נעצרה עם !stop בזמן שהכנתי אותה.")
    static let outage = Text(
        "why.outage", en: "Something that I depend on was not available then. It can be asked again.",
        he: "משהו שאני נעזר בו לא היה זמין באותו זמן. אפשר לשאול שוב.")
    static let failed = Text(
        "why.failed", en: "Something went wrong on my side. Whoever runs me finds it under the reference {reference}.",
        he: "משהו השתבש אצלי. מי שמפעיל אותי ימצא את זה לפי האסמכתא {reference}.")
    static let history = Text(
        "why.history", en: "It was written before I was here; such messages I only keep.",
        he: "היא נכתבה לפני שהגעתי לכאן; הודעות כאלה אני רק שומר.")
}
