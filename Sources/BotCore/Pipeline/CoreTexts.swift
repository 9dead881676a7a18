import BotKit

extension Text {
    // Those of the catalogue of errors, where they stand.
    static let notAllowed = ErrorCode.permission.words
    static let onlyInDirectChats = ErrorCode.onlyInDirectChats.words
    static let onlyInGroups = ErrorCode.onlyInGroups.words
    static let askToBeLetIn = ErrorCode.unknownMember.words
    static let sessionNeeded = ErrorCode.sessionNeeded.words
    static let sessionInvalid = ErrorCode.sessionInvalid.words
    static let sessionLocked = ErrorCode.sessionLocked.words
    static let cannotRead = ErrorCode.unreadable.words
    static let fileTooLarge = ErrorCode.fileTooLarge.words
    static let tooLong = ErrorCode.tooLong.words

    static let stillWorking = Text(
        "core.still_working", en: "Still working on it…", he: "עדיין על זה, עוד רגע…")
    static let sessionSaid = Text(
        "core.session_said",
        en: "A token does not belong in a group: everybody here has read it, so I ended that admin session. Please "
            + "delete your message, and use !admin-login in a direct chat with me.",
        he: "אסימון לא אמור להישלח בקבוצה: כל מי שכאן קרא אותו, ולכן סיימתי את החיבור של המנהל. כדאי למחוק את ההודעה "
            + "ולהשתמש ב-!admin-login בצ׳אט פרטי איתי.")
    static let sessionSaidAndDeleted = Text(
        "core.session_said_deleted",
        en: "A token does not belong in a group, so I deleted that message and ended the admin session. Please use "
            + "!admin-login in a direct chat with me.",
        he: "אסימון לא אמור להישלח בקבוצה, ולכן מחקתי את ההודעה וסיימתי את החיבור של המנהל. אפשר להשתמש ב-!admin-login "
            + "בצ׳אט פרטי איתי.")
    static let unknownCommand = Text(
        "core.unknown_command", en: "I don't know {command}. Send !help to see what I can do.",
        he: "אני לא מכיר את {command}. אפשר לשלוח !help כדי לראות מה אני יודע.")
    static let didYouMean = Text(
        "core.did_you_mean", en: "I don't know {command}. Did you mean {suggestion}?",
        he: "אני לא מכיר את {command}. התכוונת ל־{suggestion}?")
    static let unknownWithSecret = Text(
        "core.unknown_with_secret",
        en: "I don't know that command, and what you wrote looks like a secret, so I did not keep it. Please delete "
            + "your message, and replace the secret: it has been said here.",
        he: "אני לא מכיר את הפקודה הזאת, ומה שנכתב נראה כמו סוד, ולכן לא שמרתי אותו. כדאי למחוק את ההודעה ולהחליף את "
            + "הסוד: הוא כבר נאמר כאן.")
    static let perhapsMeant = Text(
        "core.perhaps_meant", en: "You may have meant {suggestion}.", he: "אולי הכוונה הייתה ל־{suggestion}.")
    static let yesDoIt = Text("core.yes_do_it", en: "Yes, {suggestion}", he: "כן, {suggestion}")
    static let cutHere = Text(
        "core.cut_here", en: "(The answer was longer and is cut here. Ask me to go on.)",
        he: "(התשובה הייתה ארוכה יותר ונחתכה כאן. אפשר לבקש ממני להמשיך.)")
}
