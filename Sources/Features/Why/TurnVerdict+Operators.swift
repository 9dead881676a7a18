import BotKit

extension TurnVerdict {
    /// The reason for those who run the bot: with the setting or the command that changes it.
    var forOperators: Text {
        switch reason {
        case .answered: .answeredBy
        case .queued: .queuedBySetting
        case .refused: Text.refusalForOperators(refusal)
        case .groupsOff: .groupsOff
        case .groupPolicyOff: .groupPolicyOff
        case .groupNotAllowed: .groupNotAllowed
        case .groupDenied: .groupDenied
        case .notMentioned: .notMentionedBySetting
        case .notCommand: .notCommandBySetting
        case .prefixRequired: .prefixRequiredBySetting
        case .policyClosed: .policyClosed
        case .policyAllowlist: .policyAllowlist
        case .policyPairing: .policyPairing
        case .denied: .denied
        case .blocked: .blocked
        case .limited: .limitedBySetting
        case .backlog: .backlogBySetting
        case .tooOld: .tooOldBySetting
        case .outage: .outageInLog
        case .failed: .failedInLog
        case .givenUp: .givenUp
        case .unreadable: .unreadable
        case .history: .historyBySetting
        case .otherBot, .kind, .empty, .ownMessage, .noResponder, .stopped: forMembers
        }
    }
}

extension Text {
    fileprivate static let answeredBy = Text(
        "why.answered_by", en: "I answered that message (feature: {feature}).",
        he: "עניתי על ההודעה הזאת (תכונה: {feature}).")
    fileprivate static let queuedBySetting = Text(
        "why.queued_setting",
        en: "Its answer is heavy work, and waits in the queue (QUEUE_CONCURRENCY; !jobs lists what waits).",
        he: "התשובה עליה היא עבודה כבדה, והיא ממתינה בתור (QUEUE_CONCURRENCY; !jobs מציג מה ממתין).")
    fileprivate static let groupsOff = Text(
        "why.groups_off", en: "I answer in no group: GROUPCHATS_ENABLED is false.",
        he: "אני לא עונה באף קבוצה: ההגדרה GROUPCHATS_ENABLED היא false.")
    fileprivate static let groupPolicyOff = Text(
        "why.group_policy_off", en: "I do not answer in groups: GROUP_POLICY, or !config group policy, is off.",
        he: "אני לא עונה בקבוצות: ההגדרה GROUP_POLICY, או !config group policy, היא off.")
    fileprivate static let groupNotAllowed = Text(
        "why.group_not_allowed",
        en: "GROUP_POLICY is allowlist, and nobody let this group in: an admin sends !allow group in it.",
        he: "ההגדרה GROUP_POLICY היא allowlist, ואיש לא אישר את הקבוצה: מנהל שולח בה !allow group.")
    fileprivate static let groupDenied = Text(
        "why.group_denied", en: "Somebody sent !deny group in this group; !allow group takes it back.",
        he: "מישהו שלח !deny group בקבוצה הזאת; !allow group מבטל את זה.")
    fileprivate static let notMentionedBySetting = Text(
        "why.not_mentioned_setting",
        en: """
            It did not turn to me: in this group I answer mentions, replies to my messages, and commands. \
            !activation changes that for the group, GROUP_ACTIVATION for all groups.
            """,
        he: """
            ההודעה לא פנתה אליי: בקבוצה הזאת אני עונה כשמזכירים אותי, לתגובות להודעות שלי ולפקודות. \
            !activation משנה את זה לקבוצה, GROUP_ACTIVATION לכל הקבוצות.
            """)
    fileprivate static let notCommandBySetting = Text(
        "why.not_command_setting",
        en: """
            It did not begin with a command, and in this group I wait for one. !activation changes that for the group, \
            GROUP_ACTIVATION and PREFIX_ENABLED for all groups.
            """,
        he: """
            ההודעה לא התחילה בפקודה, ובקבוצה הזאת אני מחכה לפקודה. !activation משנה את זה לקבוצה, GROUP_ACTIVATION \
            ו-PREFIX_ENABLED לכל הקבוצות.
            """)
    fileprivate static let prefixRequiredBySetting = Text(
        "why.prefix_required_setting", en: "It did not begin with a command, and PREFIX_ENABLED asks for one.",
        he: "ההודעה לא התחילה בפקודה, וההגדרה PREFIX_ENABLED דורשת פקודה.")
    fileprivate static let policyClosed = Text(
        "why.policy_closed", en: "ACCESS_POLICY is closed: I answer only those who have a role (!role).",
        he: "ההגדרה ACCESS_POLICY היא closed: אני עונה רק למי שיש לו תפקיד (!role).")
    fileprivate static let policyAllowlist = Text(
        "why.policy_allowlist",
        en: "Only those who were allowed are answered (ACCESS_POLICY or WHITELISTED_ENABLED): !allow NUMBER lets in.",
        he: "אני עונה רק למי שאושר (ACCESS_POLICY או WHITELISTED_ENABLED): !allow NUMBER מאשר.")
    fileprivate static let policyPairing = Text(
        "why.policy_pairing",
        en: """
            ACCESS_POLICY is pairing, and its sender waits to be let in, or too many wait already \
            (PAIRING_MAX_WAITING): !approve lists them, !allow NUMBER lets in.
            """,
        he: """
            ההגדרה ACCESS_POLICY היא pairing, ומי ששלח אותה ממתין לאישור, או שכבר ממתינים רבים מדי \
            (PAIRING_MAX_WAITING): !approve מציג אותם, !allow NUMBER מאשר.
            """)
    fileprivate static let denied = Text(
        "why.denied", en: "Somebody sent !deny about its sender; !unblock NUMBER takes it back.",
        he: "מישהו שלח !deny לגבי מי ששלח אותה; !unblock NUMBER מבטל את זה.")
    fileprivate static let blocked = Text(
        "why.blocked", en: "Somebody sent !block about its sender; !unblock NUMBER takes it back.",
        he: "מישהו שלח !block לגבי מי ששלח אותה; !unblock NUMBER מבטל את זה.")
    fileprivate static let limitedBySetting = Text(
        "why.limited_setting",
        en: "Its sender had written more than FLOOD_LIMIT allows, and was not answered for FLOOD_BAN_SECONDS.",
        he: "מי ששלח אותה כתב יותר ממה שמאפשרת FLOOD_LIMIT, ולא נענה במשך FLOOD_BAN_SECONDS.")
    fileprivate static let backlogBySetting = Text(
        "why.backlog_setting",
        en: "SEND_WAITING_PER_CHAT replies or more waited to be sent to this chat, so I left it unanswered.",
        he: "לפחות SEND_WAITING_PER_CHAT תשובות חיכו להישלח לצ׳אט הזה, ולכן לא עניתי עליה.")
    fileprivate static let tooOldBySetting = Text(
        "why.too_old_setting",
        en: "It came too late (ANSWER_MAX_AGE_DIRECT_SECONDS, ANSWER_MAX_AGE_GROUP_SECONDS), so I only kept it.",
        he: "היא הגיעה מאוחר מדי (ANSWER_MAX_AGE_DIRECT_SECONDS, ANSWER_MAX_AGE_GROUP_SECONDS), ולכן רק שמרתי אותה.")
    fileprivate static let outageInLog = Text(
        "why.outage_log",
        en: "Something outside was not available; the log says what, under the reference {reference}.",
        he: "משהו חיצוני לא היה זמין; היומן אומר מה, לפי האסמכתא {reference}.")
    fileprivate static let failedInLog = Text(
        "why.failed_log", en: "Something went wrong; the log says what, under the reference {reference}.",
        he: "משהו השתבש; היומן אומר מה, לפי האסמכתא {reference}.")
    fileprivate static let givenUp = Text(
        "why.given_up",
        en: "The program ended each time it was answered, so I gave it up (TURN_MAX_BEGINS; reference {reference}).",
        he: "התוכנה הסתיימה בכל פעם שניסיתי לענות עליה, ולכן ויתרתי (TURN_MAX_BEGINS; אסמכתא {reference}).")
    fileprivate static let unreadable = Text(
        "why.unreadable", en: "What is stored of it is damaged, or was written by a newer version.",
        he: "מה ששמור ממנה פגום, או נכתב על ידי גרסה חדשה יותר.")
    fileprivate static let historyBySetting = Text(
        "why.history_setting", en: "It is from before the account was linked (WHATSAPP_WEB_HISTORY), and only kept.",
        he: "היא מלפני שהחשבון קושר (WHATSAPP_WEB_HISTORY), ורק נשמרה.")
}
