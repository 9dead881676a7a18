extension AlertKind {
    /// Accounts, and the networks that they are on.
    static let networks = [
        AlertKind(
            "provider_down",
            Text(
                "alerts.provider_down",
                en: "An account on {network} has been out of reach for {minutes} minutes. Look with martlet doctor.",
                he: "חשבון ברשת {network} לא נגיש כבר {minutes} דקות. אפשר לבדוק עם martlet doctor."),
            ended: Text(
                "alerts.provider_back", en: "The account that could not be reached is connected again.",
                he: "החשבון שלא היה נגיש מחובר שוב.")),
        AlertKind(
            "account_stopped",
            Text(
                "alerts.account_stopped",
                en: "The network refuses an account (token, policy or payment). Mend it at the network.",
                he: "הרשת מסרבת לחשבון (אסימון, מדיניות או תשלום). יש לתקן את זה אצל הרשת."),
            ended: Text(
                "alerts.account_resumed", en: "The network takes messages from the account again.",
                he: "הרשת שוב מקבלת הודעות מהחשבון.")),
        AlertKind(
            "account_notice",
            Text(
                "alerts.account_notice", en: "Meta has news about the account. Look into its dashboard.",
                he: "למטא יש עדכון לגבי החשבון. כדאי להיכנס ללוח הבקרה שלה.")),
        AlertKind(
            "number_blocked",
            Text(
                "alerts.number_blocked", en: "Meta says that the number cannot send. Look into its dashboard.",
                he: "לפי מטא המספר לא יכול לשלוח. כדאי להיכנס ללוח הבקרה שלה.")),
        AlertKind(
            "token",
            Text(
                "alerts.token",
                en: "Meta refuses the access token or the number. Check CLOUD_ACCESS_TOKEN and CLOUD_PHONE_NUMBER_ID.",
                he: "מטא מסרבת לאסימון הגישה או למספר. יש לבדוק את CLOUD_ACCESS_TOKEN ואת CLOUD_PHONE_NUMBER_ID.")),
        AlertKind(
            "account_missing",
            Text(
                "alerts.account_missing",
                en: "Replies wait for an account that is not configured any more. The log names the setting.",
                he: "תשובות ממתינות לחשבון שכבר לא מוגדר. שם ההגדרה מופיע בלוג.")),
        AlertKind(
            "blocked_by_members",
            Text(
                "alerts.blocked_by_members",
                en: "Many of those whom an account wrote to have blocked it: the network may ban the number.",
                he: "רבים מאלה שהחשבון כתב להם חסמו אותו: הרשת עלולה לחסום את המספר.")),
        AlertKind(
            "send_limit",
            Text(
                "alerts.send_limit", en: "An account has sent as much as it may in an hour. Its replies wait.",
                he: "חשבון שלח כמה שמותר לו בשעה. התשובות שלו ממתינות.")),
        AlertKind(
            "web_ended",
            Text(
                "alerts.web_ended",
                en: "A linked account is disconnected: it was unlinked, replaced or banned. The log says which.",
                he: "חשבון מקושר התנתק: הקישור בוטל, הוחלף או נחסם. בלוג כתוב מה קרה.")),
        AlertKind(
            "web_banned",
            Text(
                "alerts.web_banned",
                en: "WhatsApp has banned a linked number for a while; it connects again by itself. Write less then.",
                he: "ווטסאפ חסמה מספר מקושר לזמן מה; הוא יתחבר שוב לבד. כדאי לכתוב אז פחות.")),
        AlertKind(
            "web_database_old",
            Text(
                "alerts.web_database_old",
                en: "The database is older than what a linked account has sent, as after a restored backup.",
                he: "מסד הנתונים ישן ממה שחשבון מקושר כבר שלח, כמו אחרי שחזור מגיבוי.")),
    ]

    /// What did not reach its end.
    static let messages = [
        AlertKind(
            "dead_letter",
            Text(
                "alerts.dead_letter", en: "A reply is given up. martlet dead-letters lists it.",
                he: "תשובה לא נשלחה ולא תישלח. אפשר לראות אותה עם martlet dead-letters.")),
        AlertKind(
            "not_delivered",
            Text(
                "alerts.not_delivered",
                en: "The network took a reply and did not deliver it. martlet dead-letters lists it.",
                he: "הרשת קיבלה תשובה ולא מסרה אותה. אפשר לראות אותה עם martlet dead-letters.")),
        AlertKind(
            "dead_job",
            Text(
                "alerts.dead_job", en: "A job is given up. martlet dead-letters lists it.",
                he: "משימה נכשלה ולא תבוצע. אפשר לראות אותה עם martlet dead-letters.")),
        AlertKind(
            "unreadable_message",
            Text(
                "alerts.unreadable_message",
                en: "A stored message is damaged or of a newer version and is not answered. Check the disk.",
                he: "הודעה שמורה פגומה או מגרסה חדשה יותר ולא תיענה. כדאי לבדוק את הדיסק.")),
        AlertKind(
            "message_given_up",
            Text(
                "alerts.message_given_up",
                en: "A message ended the process again and again and is given up. The journal has the trace.",
                he: "הודעה הפילה את התוכנה שוב ושוב, ולא תיענה. הפרטים ביומן המערכת.")),
        AlertKind(
            "number_changed_hands",
            Text(
                "alerts.number_changed_hands",
                en: "A trusted number passed to somebody else, or a trusted person has another number. If that is "
                    + "right: martlet access confirm.",
                he: "מספר מהימן עבר למישהו אחר, או שלאדם מהימן יש מספר חדש. אם זה בסדר: martlet access confirm.")),
    ]

    /// Language models.
    static let models = [
        AlertKind(
            "model_down",
            Text(
                "alerts.model_down", en: "The language model does not answer. Look with martlet doctor.",
                he: "מודל השפה לא עונה. אפשר לבדוק עם martlet doctor."), ended: modelBack),
        AlertKind(
            "model_key_refused",
            Text(
                "alerts.model_key_refused", en: "{host} refuses the key of the language model. Check the key.",
                he: "השרת {host} מסרב למפתח של מודל השפה. יש לבדוק את המפתח."), ended: modelBack),
        AlertKind(
            "model_no_credit",
            Text(
                "alerts.model_no_credit", en: "The account of the language model at {host} is empty.",
                he: "החשבון של מודל השפה אצל {host} ריק."), ended: modelBack),
        AlertKind(
            "model_unknown",
            Text(
                "alerts.model_unknown", en: "{host} has no such language model. Check the model's name.",
                he: "לשרת {host} אין מודל שפה כזה. יש לבדוק את שם המודל."), ended: modelBack),
    ]

    private static let modelBack = Text(
        "alerts.model_back", en: "The language model answers again.", he: "מודל השפה עונה שוב.")

    /// The machine, and what is stored on it.
    static let machine = [
        AlertKind(
            "storage",
            Text(
                "alerts.storage", en: "The database cannot be used. Nothing is lost; the log names the problem.",
                he: "אי אפשר להשתמש במסד הנתונים. שום דבר לא אבד; הבעיה מתוארת בלוג."),
            ended: Text(
                "alerts.storage_back", en: "The database can be used again.", he: "אפשר שוב להשתמש במסד הנתונים.")),
        AlertKind(
            "disk_low",
            Text(
                "alerts.disk_low", en: "Only {percent} % of the disk are free. Free some space.",
                he: "נשארו רק {percent} אחוזים פנויים בדיסק. כדאי לפנות מקום."),
            ended: Text(
                "alerts.disk_free", en: "The disk has enough space again.", he: "יש שוב מספיק מקום בדיסק.")),
        AlertKind(
            "audit_broken",
            Text(
                "alerts.audit_broken", en: "The audit has a problem. Run martlet audit verify.",
                he: "יש בעיה ביומן הביקורת. יש להריץ martlet audit verify.")),
    ]

    /// Money.
    static let costs = [
        AlertKind(
            "cost_warning",
            Text(
                "alerts.cost_warning",
                en: "Models have cost {amount} USD this month, 80 % or more of the {threshold} USD that you set.",
                he: "עלות המודלים החודש היא {amount} דולר, 80 אחוזים או יותר מתוך {threshold} הדולר שהוגדרו.")),
        AlertKind(
            "cost_threshold",
            Text(
                "alerts.cost_threshold",
                en: "Models have cost {amount} USD this month; you set {threshold} USD. Nothing is stopped by that.",
                he: "עלות המודלים החודש היא {amount} דולר; הוגדרו {threshold} דולר. שום דבר לא נעצר בגלל זה.")),
    ]
}
