/// What members can do nothing about.
extension ErrorCode {
    /// What the member reads of a fault of ours, or of a setting.
    private static let apology = Text(
        "core.something_broke",
        en: "Something went wrong on my side, sorry. If it happens again, mention reference {reference}.",
        he: "משהו השתבש אצלי, סליחה. אם זה קורה שוב, אפשר לציין את האסמכתא {reference}.")
    private static let contactSupport = Text(
        "errors.contact_support", en: "Something went wrong. Please try again or contact support.",
        he: "משהו השתבש. אפשר לנסות שוב או לפנות לתמיכה.")

    // MARK: - Outages: repeated, or told

    public static let modelUnavailable = ErrorCode(
        "openai_api_error", name: "OPENAI_API_ERROR", .outage,
        Text(
            "errors.model_unavailable",
            en: "The AI service is not available right now. Please try again shortly. (Reference {reference})",
            he: "שירות הבינה המלאכותית לא זמין כרגע. אפשר לנסות שוב עוד מעט. (אסמכתא {reference})"),
        cause: "The model's server did not answer, answered too slowly, or refuses for now; all repeats and fall-backs "
            + "are used up.",
        remedy: "martlet doctor says whether it can be reached; consider LLM_FALLBACKS.")

    public static let database = ErrorCode(
        "database_error", name: "DATABASE_ERROR", .outage,
        Text(
            "errors.database",
            en: "I can't store anything right now. Please try again shortly. (Reference {reference})",
            he: "אני לא מצליח לשמור כלום כרגע. אפשר לנסות שוב עוד מעט. (אסמכתא {reference})"),
        cause: "The database cannot be read or written: the disk is full, another process holds the file, or it may "
            + "not be written.",
        remedy: "The alert storage names the problem; the bot goes on by itself when it is mended.")

    public static let diskUnavailable = ErrorCode(
        "disk", .outage, unavailableText, cause: "A file beside the database cannot be written or read.",
        remedy: "Look for space, and for owner and permissions of MARTLET_HOME.")

    public static let networkUnavailable = ErrorCode(
        "network", .outage, unavailableText, cause: "The message network does not answer, such as for a file.",
        remedy: "Nothing at first; martlet doctor says whether the network can be reached.")

    /// Stands for an outage of a part that has no code of its own.
    public static let unavailable = ErrorCode(
        "unavailable", .outage, unavailableText, cause: "Something outside does not work now.",
        remedy: "The log line with the reference names the part.")

    private static let unavailableText = Text(
        "core.try_again",
        en: "Something I depend on is not available right now. Please try again shortly. (Reference {reference})",
        he: "שירות שאני נעזר בו לא זמין כרגע. אפשר לנסות שוב עוד מעט. (אסמכתא {reference})")

    // MARK: - Ours, and the operator's

    static let troubles = [
        diskUnavailable, networkUnavailable, unavailable, modelFault, misconfigured, conflict, internalError, givenUp,
    ]

    public static let modelFault = ErrorCode(
        "model_fault", .defect, apology,
        cause: "The model's server refuses the key, its account is empty, it has no such model, or it takes our "
            + "request for a wrong one.",
        remedy: "The alert, or the log line with the reference, has the remedy.")

    public static let misconfigured = ErrorCode(
        "misconfigured", .misconfiguration, apology, cause: "A setting, or the world round the program, is wrong.",
        remedy: "The line names the setting and what to do.")

    public static let conflict = ErrorCode(
        "conflict", .defect, apology, cause: "Somebody else changed a row first, again and again.",
        remedy: "Report it with the log line.")

    public static let internalError = ErrorCode(
        "internal_error", .defect, apology, or: contactSupport, cause: "A fault of the program.",
        remedy: "Find the log line by the reference, and report it.")

    public static let givenUp = ErrorCode(
        "message_given_up", .defect, apology,
        cause: "The turn of a message began TURN_MAX_BEGINS times, and each time the process ended.",
        remedy: "Report it with the trace of the crash from the journal.")

    // MARK: - How replies and jobs end

    static let endings = [
        tooOld, expired, noAccount, parkedTooLong, blockedUs, uncertain, refusedByNetwork, noHandler, startedTooOften,
    ]

    public static let tooOld = ErrorCode(
        "too_old", .outage, cause: "A reply could not be sent for OUTBOX_MAX_AGE_SECONDS.",
        remedy: "Look for the trouble of its network at that time.")

    public static let expired = ErrorCode(
        "expired", .outage, cause: "News for an owner was not sent before it was too old to be of use.",
        remedy: "Nothing: the alert is in the log.")

    public static let noAccount = ErrorCode(
        "no_account", .misconfiguration, cause: "A reply waited in vain for an account that is no longer configured.",
        remedy: "Configure the account again, or leave it.")

    public static let parkedTooLong = ErrorCode(
        "parked_too_long", .outage, cause: "A member did not write again for OUTBOX_PARKED_MAX_SECONDS.",
        remedy: "Nothing.")

    public static let blockedUs = ErrorCode(
        "blocked_us", .outage, cause: "A member has blocked the bot, which writes to them no more.",
        remedy: "Nothing: it goes on when they write again.")

    public static let uncertain = ErrorCode(
        "uncertain", .outage,
        cause: "The answers to two attempts were lost, and nothing was heard of either: it may have arrived.",
        remedy: "Nothing.")

    /// Stands for the codes of networks, which are theirs.
    public static let refusedByNetwork = ErrorCode(
        "refused_by_network", .defect, cause: "The network refused a reply for good; the code is the network's own.",
        remedy: "Look the code up in the network's reference.")

    public static let noHandler = ErrorCode(
        "no_handler", .defect, cause: "A stored job is of a kind that this version does not know.",
        remedy: "Do not go back to an older version without its backup.")

    public static let startedTooOften = ErrorCode(
        "started_too_often", .defect, cause: "A job began JOB_MAX_ATTEMPTS times, and each time the process ended.",
        remedy: "Report it with the trace of the crash from the journal.")
}
