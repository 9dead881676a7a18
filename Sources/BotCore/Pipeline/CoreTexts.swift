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
