/// What the member must act on.
extension ErrorCode {
    /// The six of the original bot, with its words.
    static let originals = [fileTooLarge, rateLimit, permission, modelUnavailable, database, queueFull]

    public static let fileTooLarge = ErrorCode(
        "media_too_large", name: "FILE_TOO_LARGE", .refusal,
        // How large is too large, the network alone knows.
        Text(
            "core.file_too_large", en: "That file is too large to reach me. Please send a smaller one.",
            he: "הקובץ הזה גדול מדי ולא מגיע אליי. אפשר לשלוח קובץ קטן יותר."),
        or: Text(
            "errors.file_too_large", en: "Your file is too large. Please send files under {limit}.",
            he: "הקובץ גדול מדי. אפשר לשלוח קבצים של פחות מ־{limit}."),
        cause: "A member sent a file that is larger than the network hands over, or than the settings allow.",
        remedy: "Nothing, or raise the limit of the setting that the log names.")

    public static let rateLimit = ErrorCode(
        "rate_limit", name: "API_RATE_LIMIT", .refusal,
        Text(
            "errors.rate_limit", en: "You're sending requests too quickly. Please wait 1 minute.",
            he: "הבקשות מגיעות מהר מדי. אפשר לנסות שוב בעוד דקה."),
        or: Text(
            "errors.slow_down", en: "Slow down! You're sending messages too quickly. Try again in 1 minute.",
            he: "רגע, לאט! ההודעות מגיעות מהר מדי. אפשר לנסות שוב בעוד דקה."),
        cause: "A member, or all together, asked for more than the limits allow.",
        remedy: "Nothing, or raise the limit.")

    public static let permission = ErrorCode(
        "permission", name: "INSUFFICIENT_PERMISSIONS", .refusal,
        Text(
            "core.not_allowed", en: "You don't have permission to use this command.",
            he: "אין לך הרשאה להשתמש בפקודה הזאת."),
        or: Text(
            "errors.admins_only", en: "Insufficient permissions. This command requires admin access.",
            he: "אין מספיק הרשאות. הפקודה הזאת דורשת הרשאת מנהל."),
        cause: "A member asked for what their role does not allow. The audit has an entry with the same reference.",
        remedy: "Nothing, or give the role: !role assign.")

    public static let queueFull = ErrorCode(
        "queue_full", name: "QUEUE_FULL", .refusal,
        Text(
            "errors.queue_full", en: "The system is busy. Please try again in a few minutes.",
            he: "המערכת עמוסה. אפשר לנסות שוב בעוד כמה דקות."),
        or: Text(
            "errors.busy", en: "System busy, try again in 1 minute.", he: "המערכת עמוסה, אפשר לנסות שוב בעוד דקה."),
        cause: "More work waits than the queue may hold.",
        remedy: "Look which work waits; raise the limits of the queue, or run it on a faster machine.")

    public static let workCancelled = ErrorCode(
        "work_cancelled", .refusal, cause: "An operator took a member's heavy work out of the queue.",
        remedy: "Nothing. The audit has who did it.")

    /// Whoever asks too much, in other ways than the original knew.
    static let limits = [flood, rateLimitGlobal, workCancelled]

    public static let flood = ErrorCode(
        "flood", .refusal,
        Text(
            "errors.flood", en: "That was too much at once, so I will not answer for a few minutes.",
            he: "זה היה יותר מדי בבת אחת, אז לא אענה בדקות הקרובות."),
        cause: "A member wrote so much that they are not answered for a while.",
        remedy: "Nothing, or !block the member.")

    public static let rateLimitGlobal = ErrorCode(
        "rate_limit_global", .refusal, cause: "All members together asked for more than RATE_LIMIT_GLOBAL allows.",
        remedy: "Nothing, or raise the limit.")

    /// Who may talk, and who may do what.
    static let access = [
        unknownMember, onlyInDirectChats, onlyInGroups, sessionNeeded, sessionInvalid, sessionLocked, sessionInGroup,
        noSuchCode, hasNoRole, nothingToConfirm, setBySettings, unknownID,
    ]

    public static let unknownMember = ErrorCode(
        "unknown_member", .refusal,
        Text(
            "core.ask_to_be_let_in",
            en: "I don't know you yet. Please pass this code on to whoever runs me: {code}. Then write to me again.",
            he: "אנחנו עוד לא מכירים. צריך להעביר את הקוד הזה למי שמפעיל אותי: {code}. אחר כך אפשר לכתוב לי שוב."),
        cause: "Somebody wrote whom nobody let in, and ACCESS_POLICY is pairing.",
        remedy: "Let them in with !approve CODE or martlet approve CODE, or leave it.")

    public static let onlyInDirectChats = ErrorCode(
        "only_in_direct_chats", .refusal,
        Text(
            "core.only_in_direct_chats", en: "This command works only in a direct chat with me.",
            he: "הפקודה הזאת פועלת רק בצ׳אט פרטי איתי."),
        cause: "A command was sent to a group that others must not read along with.", remedy: "Nothing.")

    public static let onlyInGroups = ErrorCode(
        "only_in_groups", .refusal,
        Text("core.only_in_groups", en: "This command works only in a group.", he: "הפקודה הזאת פועלת רק בקבוצה."),
        cause: "A command about a group was sent in a direct chat.", remedy: "Nothing.")

    public static let sessionNeeded = ErrorCode(
        "session_needed", .refusal,
        Text(
            "core.session_needed",
            en: "This asks for an admin session. Send !admin-login, then add --session and the token to the command.",
            he: "לפעולה הזאת צריך חיבור של מנהל. שולחים !admin-login, ואז מוסיפים לפקודה --session ואת האסימון."),
        cause: "Somebody with the right role asked without a session for what asks for one.", remedy: "Nothing.")

    public static let sessionInvalid = ErrorCode(
        "session_invalid", .refusal,
        Text(
            "core.session_invalid",
            en: "Invalid or expired admin session. Use !admin-login to create a new session.",
            he: "החיבור של המנהל לא תקף או שפג תוקפו. אפשר ליצור חדש עם !admin-login."),
        cause: "A token is wrong, has ended, or belongs to somebody else or to another chat.",
        remedy: "Look into the audit when it happens often: somebody may be trying tokens.")

    public static let sessionLocked = ErrorCode(
        "session_locked", .refusal,
        Text(
            "core.session_locked", en: "Too many wrong tokens. Try again in {minutes} minutes.",
            he: "יותר מדי אסימונים שגויים. אפשר לנסות שוב בעוד {minutes} דקות."),
        cause: "Five wrong tokens in a row.", remedy: "Look into the audit: somebody may be trying tokens.")

    public static let sessionInGroup = ErrorCode(
        "session_in_group", .refusal, cause: "Somebody wrote the token of an admin session where others read it.",
        remedy: "Nothing: the session is ended.")

    public static let noSuchCode = ErrorCode(
        "no_such_code", .refusal, cause: "Nobody waits with the code that was approved, or not any more.",
        remedy: "Send !approve to see who waits.")

    public static let hasNoRole = ErrorCode(
        "has_no_role", .refusal, cause: "A role was taken from somebody who has none.", remedy: "Nothing.")

    public static let nothingToConfirm = ErrorCode(
        "nothing_to_confirm", .refusal,
        cause: "A number was confirmed that nobody else writes under, or a member whose number is the same.",
        remedy: "Nothing.")

    public static let setBySettings = ErrorCode(
        "set_by_settings", .refusal, cause: "A command would have changed what a setting decides.",
        remedy: "Change the setting and start the bot again.")

    public static let unknownID = ErrorCode(
        "unknown_id", .refusal,
        cause: "Somebody decided about an id of a network under which nobody has written: it may be a greater one's.",
        remedy: "Decide about the number, or as an owner.")

    /// What cannot be read or answered as it was sent.
    static let contents = [
        unreadable, tooLong, mediaGone, mediaDamaged, modelDeclined, contextTooLong, noSuchModel,
    ]

    public static let unreadable = ErrorCode(
        "unreadable", .refusal,
        Text(
            "core.cannot_read", en: "I can't read this kind of message yet. Please send it as text or as an image.",
            he: "אני עדיין לא יודע לקרוא הודעות מהסוג הזה. אפשר לשלוח טקסט או תמונה."),
        cause: "A message is of a kind that no feature reads; of a dead letter: what is stored is damaged or of a "
            + "newer version.",
        remedy: "Of a message nothing. Of a dead letter: check the disk, and do not go back to an older version "
            + "without its backup.")

    public static let tooLong = ErrorCode(
        "too_long", .refusal,
        Text(
            "core.too_long",
            en: "Your message is too long: I can read up to {limit} characters. Please shorten it or send it in parts.",
            he: "ההודעה ארוכה מדי: אפשר עד {limit} תווים. כדאי לקצר או לשלוח בחלקים."),
        cause: "A message is longer than MAX_MESSAGE_LENGTH.", remedy: "Nothing, or raise the setting.")

    public static let mediaGone = ErrorCode(
        "media_gone", .refusal, cause: "The network does not have a member's file any more.", remedy: "Nothing.")

    public static let mediaDamaged = ErrorCode(
        "media_damaged", .refusal, cause: "A member's file is not what its sender sent.", remedy: "Nothing.")

    public static let modelDeclined = ErrorCode(
        "model_declined", .refusal, cause: "The model's service does not answer such a question.", remedy: "Nothing.")

    public static let contextTooLong = ErrorCode(
        "context_too_long", .refusal, cause: "A single message is longer than the model can read.",
        remedy: "Nothing, or choose a model that reads more.")

    public static let noSuchModel = ErrorCode(
        "no_such_model", .refusal, cause: "A chat is set to a model that the server does not have.",
        remedy: "Set another model, or none, with !config.")

    /// How commands are used.
    static let commands = [
        badArguments, notOffered, nothingToUndo, nothingToUnset, exportTooSoon, exportUnderWay, wipeNotAsked, refused,
    ]

    public static let badArguments = ErrorCode(
        "bad_arguments", .refusal, cause: "A command came with words that it does not know.",
        remedy: "Nothing: the member reads how the command is used.")

    public static let notOffered = ErrorCode(
        "not_offered", .refusal, cause: "A setting was to get a value that is not among those it may have.",
        remedy: "Nothing, or offer the value in the settings.")

    public static let nothingToUndo = ErrorCode(
        "nothing_to_undo", .refusal, cause: "A change was to be taken back where there was none.", remedy: "Nothing.")

    public static let nothingToUnset = ErrorCode(
        "nothing_to_unset", .refusal, cause: "A setting was to be removed that is not set there.", remedy: "Nothing.")

    public static let exportTooSoon = ErrorCode(
        "export_too_soon", .refusal, cause: "A member asked for another copy of their data shortly after one.",
        remedy: "Nothing.")

    public static let exportUnderWay = ErrorCode(
        "export_under_way", .refusal, cause: "A member asked for a copy of their data while one is being made.",
        remedy: "Nothing.")

    public static let wipeNotAsked = ErrorCode(
        "wipe_not_asked", .refusal, cause: "A member confirmed that everything be erased, and was not asked.",
        remedy: "Nothing.")

    /// Stands for a refusal whose reason is not in the catalogue.
    public static let refused = ErrorCode(
        "refused", .refusal, cause: "A feature refused something, for a reason of its own.",
        remedy: "The log line has the reason.")
}
