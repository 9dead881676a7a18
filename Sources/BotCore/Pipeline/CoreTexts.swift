import BotKit

extension Text {
    static let stillWorking = Text(
        "core.still_working", en: "Still working on it…", he: "עדיין על זה, עוד רגע…")
    static let tryAgainShortly = Text(
        "core.try_again", en: "Something I depend on is not available right now. Please try again shortly.",
        he: "שירות שאני נעזר בו לא זמין כרגע. אפשר לנסות שוב עוד מעט.")
    static let somethingBroke = Text(
        "core.something_broke",
        en: "Something went wrong on my side, sorry. If it happens again, mention reference {reference}.",
        he: "משהו השתבש אצלי, סליחה. אם זה קורה שוב, אפשר לציין את האסמכתא {reference}.")
    static let notAllowed = Text(
        "core.not_allowed", en: "You don't have permission to use this command.", he: "אין לך הרשאה להשתמש בפקודה הזאת."
    )
    static let onlyInDirectChats = Text(
        "core.only_in_direct_chats", en: "This command works only in a direct chat with me.",
        he: "הפקודה הזאת פועלת רק בצ׳אט פרטי איתי.")
    static let onlyInGroups = Text(
        "core.only_in_groups", en: "This command works only in a group.", he: "הפקודה הזאת פועלת רק בקבוצה.")
    static let askToBeLetIn = Text(
        "core.ask_to_be_let_in",
        en: "I don't know you yet. Please pass this code on to whoever runs me: {code}. Then write to me again.",
        he: "אנחנו עוד לא מכירים. צריך להעביר את הקוד הזה למי שמפעיל אותי: {code}. אחר כך אפשר לכתוב לי שוב.")
    static let sessionNeeded = Text(
        "core.session_needed",
        en: "This asks for an admin session. Send !admin-login, then add --session and the token to the command.",
        he: "לפעולה הזאת צריך חיבור של מנהל. שולחים !admin-login, ואז מוסיפים לפקודה --session ואת האסימון.")
    static let sessionInvalid = Text(
        "core.session_invalid", en: "Invalid or expired admin session. Use !admin-login to create a new session.",
        he: "החיבור של המנהל לא תקף או שפג תוקפו. אפשר ליצור חדש עם !admin-login.")
    static let sessionLocked = Text(
        "core.session_locked", en: "Too many wrong tokens. Try again in {minutes} minutes.",
        he: "יותר מדי אסימונים שגויים. אפשר לנסות שוב בעוד {minutes} דקות.")
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
    static let cannotRead = Text(
        "core.cannot_read", en: "I can't read this kind of message yet. Please send it as text or as an image.",
        he: "אני עדיין לא יודע לקרוא הודעות מהסוג הזה. אפשר לשלוח טקסט או תמונה.")
    static let fileTooLarge = Text(
        "core.file_too_large", en: "That file is too large to reach me. Please send a smaller one.",
        he: "הקובץ הזה גדול מדי ולא מגיע אליי. אפשר לשלוח קובץ קטן יותר.")
    static let tooLong = Text(
        "core.too_long",
        en: "Your message is too long: I can read up to {limit} characters. Please shorten it or send it in parts.",
        he: "ההודעה ארוכה מדי: אפשר עד {limit} תווים. כדאי לקצר או לשלוח בחלקים.")
    static let unknownCommand = Text(
        "core.unknown_command", en: "I don't know {command}. Send !help to see what I can do.",
        he: "אני לא מכיר את {command}. אפשר לשלוח !help כדי לראות מה אני יודע.")
    static let didYouMean = Text(
        "core.did_you_mean", en: "I don't know {command}. Did you mean {suggestion}?",
        he: "אני לא מכיר את {command}. התכוונת ל־{suggestion}?")
    static let yesDoIt = Text("core.yes_do_it", en: "Yes, {suggestion}", he: "כן, {suggestion}")
    static let cutHere = Text(
        "core.cut_here", en: "(The answer was longer and is cut here. Ask me to go on.)",
        he: "(התשובה הייתה ארוכה יותר ונחתכה כאן. אפשר לבקש ממני להמשיך.)")
}
