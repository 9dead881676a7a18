import BotKit

extension Text {
    static let exportTitle = Text("core.export_title", en: "What is stored about you", he: "מה ששמור עליך")
    static let exportMadeAt = Text("core.export_made_at", en: "Made on", he: "הופק בתאריך")
    static let exportExplained = Text(
        "core.export_explained",
        en:
            "Your messages are on one side, mine on the other. What only a program can read stands in the file "
            + "data.json. Pictures and voice notes that you sent are not kept.",
        he: "ההודעות שלך מופיעות בצד אחד ושלי בצד השני. מה שרק תוכנה יכולה לקרוא נמצא בקובץ data.json. "
            + "תמונות והקלטות ששלחת לא נשמרות.")
    static let exportExplainedInText = Text(
        "core.export_explained_in_text",
        en:
            "What only a program can read stands at the end of this file. Pictures and voice notes that you sent are "
            + "not kept.",
        he: "מה שרק תוכנה יכולה לקרוא נמצא בסוף הקובץ. תמונות והקלטות ששלחת לא נשמרות.")
    static let exportForPrograms = Text(
        "core.export_for_programs", en: "The same for programs, as JSON:", he: "אותו מידע לתוכנות, בפורמט JSON:")
    static let exportTheirs = Text("core.export_theirs", en: "You", he: "ההודעה שלך")
    static let exportOurs = Text("core.export_ours", en: "Me", he: "ההודעה שלי")
    static let exportEmpty = Text("core.export_empty", en: "Nothing is stored.", he: "לא שמור דבר.")

    /// What columns are called on the page; what is not here stands in `data.json` only.
    static let exportLabels: [String: Text] = [
        "name": Text("core.column_name", en: "Name", he: "שם"),
        "phone": Text("core.column_phone", en: "Number", he: "מספר"),
        "username": Text("core.column_username", en: "User name", he: "שם משתמש"),
        "language": Text("core.column_language", en: "Language", he: "שפה"),
        "activation": Text("core.column_activation", en: "When I answer", he: "מתי אני עונה"),
        "retention_days": Text("core.column_retention", en: "Days that the chat is kept", he: "מספר ימי השמירה"),
        "consent": Text("core.column_consent", en: "Consent", he: "הסכמה"),
        "operation": Text("core.column_operation", en: "For", he: "לצורך"),
        "model": Text("core.column_model", en: "Model", he: "מודל"),
        "input_tokens": Text("core.column_input_tokens", en: "Tokens read", he: "טוקנים שנקראו"),
        "output_tokens": Text("core.column_output_tokens", en: "Tokens written", he: "טוקנים שנכתבו"),
        "feature": Text("core.column_feature", en: "About", he: "בנושא"),
        "admission": Text("core.column_admission", en: "Access", he: "גישה"),
        "state": Text("core.column_state", en: "State", he: "מצב"),
        "expires_at": Text("core.column_expires", en: "Until", he: "עד"),
        "changed_at": Text("core.column_changed", en: "Changed", he: "עודכן"),
        "seen_at": Text("core.column_seen", en: "Seen last", he: "נראה לאחרונה"),
        "last_inbound_at": Text("core.column_last_inbound", en: "Wrote last", he: "כתיבה אחרונה"),
    ]
}
