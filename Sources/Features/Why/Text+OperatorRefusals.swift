import BotKit

extension Text {
    /// Why a message was refused, for those who run the bot: with the setting or the command that changes it.
    /// - Parameter word: of the refusal.
    static func refusalForOperators(_ word: String?) -> Text {
        guard let word else { return .refused }
        return operatorRefusals[word] ?? .refusedBecause.with(["reason": word])
    }

    /// By the word of the refusal. What no setting changes is said as to members, or names the command that helps.
    private static let operatorRefusals: [String: Text] = [
        "unknown_member": .waitsWithCode, "too_long": .tooLongBySetting, "context_too_long": .contextTooLong,
        "permission": .noPermissionRole, "flood": .floodBySetting, "rate_limit": .rateLimitBySetting,
        "rate_limit_global": .globalLimitBySetting, "queue_full": .queueFullBySetting,
        "work_cancelled": .workCancelled, "export_too_soon": .exportTooSoonBySetting,
        "export_under_way": .exportUnderWay, "wipe_not_asked": .wipeNotAsked, "not_offered": .notOfferedBySetting,
        "no_such_model": .noSuchModelBySetting, "nothing_to_undo": .nothingWasToUndo,
        "nothing_to_unset": .nothingWasToUnset,
        "session_needed": .session, "session_invalid": .sessionInvalidBySetting,
        "session_locked": .sessionLockedBySetting, "session_in_group": .sessionInGroup,
        "no_such_code": .noSuchCodeBySetting, "has_no_role": .hasNoRole, "nothing_to_confirm": .nothingToConfirm,
        "set_by_settings": .setBySettings, "unknown_id": .unknownID, "media_too_large": .mediaTooLargeBySetting,
        "media_gone": .badFile, "media_damaged": .badFile, "unreadable": .cannotRead,
        "model_declined": .modelDeclined, "bad_arguments": .badArguments,
        "only_in_direct_chats": .onlyInDirectChats, "only_in_groups": .onlyInGroups,
    ]

    private static let floodBySetting = Text(
        "why.flood_setting",
        en: "With it its sender had written more than FLOOD_LIMIT allows in a minute; FLOOD_BAN_SECONDS says how long "
            + "I do not answer then.",
        he: "איתה מי ששלח אותה כתב יותר ממה ש-FLOOD_LIMIT מאפשרת בדקה; FLOOD_BAN_SECONDS קובעת כמה זמן לא אענה אז.")
    private static let rateLimitBySetting = Text(
        "why.rate_limit_setting",
        en: "Its sender asked more than RATE_LIMIT_PER_USER allows in RATE_LIMIT_PER_USER_WINDOW.",
        he: "מי ששלח אותה שאל יותר ממה ש-RATE_LIMIT_PER_USER מאפשרת בזמן של RATE_LIMIT_PER_USER_WINDOW.")
    private static let globalLimitBySetting = Text(
        "why.global_limit_setting",
        en: "All together asked more than RATE_LIMIT_GLOBAL allows in RATE_LIMIT_GLOBAL_WINDOW.",
        he: "כולם יחד שאלו יותר ממה ש-RATE_LIMIT_GLOBAL מאפשרת בזמן של RATE_LIMIT_GLOBAL_WINDOW.")
    private static let queueFullBySetting = Text(
        "why.queue_full_setting",
        en: "It was heavy work, and QUEUE_MAX_DEPTH others waited already; !jobs lists what waits.",
        he: "זאת הייתה עבודה כבדה, וכבר חיכו QUEUE_MAX_DEPTH אחרות; !jobs מציג מה ממתין.")
    private static let workCancelled = Text(
        "why.work_cancelled", en: "Somebody took it out of the queue with !jobs cancel; the audit says who.",
        he: "מישהו הוציא אותה מהתור עם !jobs cancel; רשומת הביקורת אומרת מי.")
    private static let exportTooSoonBySetting = Text(
        "why.export_too_soon_setting",
        en: "Its sender had a copy of their data less than EXPORT_INTERVAL_HOURS before.",
        he: "מי ששלח אותה קיבל עותק של הנתונים שלו לפני פחות מ-EXPORT_INTERVAL_HOURS.")
    private static let exportUnderWay = Text(
        "why.export_under_way", en: "A copy of its sender's data was being made already.",
        he: "כבר הוכן אז עותק של הנתונים של מי ששלח אותה.")
    private static let wipeNotAsked = Text(
        "why.wipe_not_asked",
        en: "It confirmed an erasure that I had not asked about, or not any more: !wipe asks anew.",
        he: "היא אישרה מחיקה שלא שאלתי עליה, או שהשאלה כבר פגה: !wipe שואל מחדש.")
    private static let notOfferedBySetting = Text(
        "why.not_offered_setting",
        en: "Its sender administers no more than the group, and chooses among what MODEL_CHOICES offers.",
        he: "מי ששלח אותה מנהל רק את הקבוצה, ובוחר מתוך מה שמציעה MODEL_CHOICES.")
    private static let noSuchModelBySetting = Text(
        "why.no_such_model_setting",
        en: "The server does not have the model that is set there; !config show names it, and !config gpt model "
            + "changes it.",
        he: "לשרת אין את המודל שמוגדר שם; !config show מציג אותו, !config gpt model משנה אותו.")
    private static let nothingWasToUndo = Text(
        "why.nothing_to_undo", en: "There was no change to take back there; !config show has what is set.",
        he: "לא היה שם שינוי לבטל; !config show מציג מה מוגדר.")
    private static let nothingWasToUnset = Text(
        "why.nothing_to_unset", en: "That setting was not set there; !config show has where each is set.",
        he: "ההגדרה הזאת לא הייתה מוגדרת שם; !config show מציג איפה כל אחת מוגדרת.")
    private static let sessionInvalidBySetting = Text(
        "why.session_invalid_setting",
        en: "The token behind --session was wrong, of another chat, or unused for ADMIN_SESSION_SECONDS; !admin-login "
            + "gives a new one.",
        he: "האסימון אחרי --session היה שגוי, של צ׳אט אחר, או שלא היה בשימוש במשך ADMIN_SESSION_SECONDS; !admin-login "
            + "נותן חדש.")
    private static let sessionLockedBySetting = Text(
        "why.session_locked_setting",
        en: "Five wrong tokens locked its sender out for ADMIN_SESSION_SECONDS, and each further one for twice as "
            + "long.",
        he: "חמישה אסימונים שגויים נעלו את מי ששלח אותה למשך ADMIN_SESSION_SECONDS, וכל אחד נוסף לזמן כפול.")
    private static let sessionInGroup = Text(
        "why.session_in_group", en: "It showed the token of an admin session in a group, so I ended that session.",
        he: "היא הראתה בקבוצה אסימון של חיבור של מנהל, ולכן סיימתי את החיבור.")
    private static let noSuchCodeBySetting = Text(
        "why.no_such_code_setting",
        en: "Nobody waited with that code; a code is valid for PAIRING_CODE_SECONDS, and !approve lists them.",
        he: "אף אחד לא חיכה עם הקוד הזה; קוד תקף למשך PAIRING_CODE_SECONDS, ו-!approve מציג אותם.")
    private static let hasNoRole = Text(
        "why.has_no_role", en: "It took a role from somebody who has none; !role list says who has one.",
        he: "היא ביטלה תפקיד של מישהו שאין לו תפקיד; !role list מציג למי יש.")
    private static let nothingToConfirm = Text(
        "why.nothing_to_confirm", en: "It confirmed somebody who is not in doubt; !role list marks those who are.",
        he: "היא אישרה מישהו שאין לגביו ספק; !role list מסמן את מי שיש.")
    private static let setBySettings = Text(
        "why.set_by_settings",
        en: "That role stands in OWNER_PHONE_NUMBERS, ADMIN_PHONE_NUMBERS or OPERATOR_PHONE_NUMBERS, and changes only "
            + "there.",
        he: "התפקיד הזה כתוב ב-OWNER_PHONE_NUMBERS, ב-ADMIN_PHONE_NUMBERS או ב-OPERATOR_PHONE_NUMBERS, ומשתנה רק שם.")
    private static let unknownID = Text(
        "why.unknown_id",
        en: "It was about an id under which nobody has written; the number will do, or an owner (OWNER_PHONE_NUMBERS).",
        he: "היא עסקה במזהה שאיש לא כתב איתו; אפשר לציין מספר, או לבקש מבעלים (OWNER_PHONE_NUMBERS).")
    private static let mediaTooLargeBySetting = Text(
        "why.media_too_large_setting",
        en: "The file was larger than VISION_MAX_BYTES, or than the network hands over.",
        he: "הקובץ היה גדול יותר מ-VISION_MAX_BYTES, או ממה שהרשת מוסרת.")
    private static let waitsWithCode = Text(
        "why.waits_with_code",
        en: "ACCESS_POLICY is pairing: I sent its sender a code; !approve lists who waits, !approve CODE lets in.",
        he: "ההגדרה ACCESS_POLICY היא pairing: שלחתי קוד למי ששלח אותה; !approve מציג מי ממתין, !approve CODE מאשר.")
    private static let tooLongBySetting = Text(
        "why.too_long_setting", en: "It was longer than MAX_MESSAGE_LENGTH allows.",
        he: "היא הייתה ארוכה ממה שמאפשרת ההגדרה MAX_MESSAGE_LENGTH.")
    private static let contextTooLong = Text(
        "why.context_too_long", en: "Together with PRE_PROMPT it was longer than MAX_MODEL_TOKENS allows.",
        he: "יחד עם PRE_PROMPT היא הייתה ארוכה ממה שמאפשרת ההגדרה MAX_MODEL_TOKENS.")
    private static let noPermissionRole = Text(
        "why.no_permission_role",
        en: "The command asks for a greater role than its sender has; !role assign gives one.",
        he: "הפקודה דורשת תפקיד גדול מזה שיש למי ששלח אותה; !role assign נותן תפקיד.")
    private static let refusedBecause = Text(
        "why.refused_because", en: "I refused it, and said why in my answer (reason: {reason}).",
        he: "סירבתי, והסברתי למה בתשובה שלי (סיבה: {reason}).")
}
