import BotKit
import Providers

/// What the person who links an account reads.
enum LinkTexts {
    static let risk = Text(
        "link.risk",
        en: """
            Martlet becomes a linked device of this number, as WhatsApp Web is. WhatsApp's terms do not allow bots this
            way, and it may ban the number: use a second number that you can do without, and let people write first.
            """,
        he: """
            מרטלט יהיה מכשיר מקושר של המספר הזה, כמו וואטסאפ ווב. תנאי השימוש של וואטסאפ אינם מתירים בוטים בדרך זו,
            והמספר עלול להיחסם: השתמשו במספר שני שאפשר לוותר עליו, ותנו לאנשים לכתוב ראשונים.
            """)
    static let scan = Text(
        "link.scan",
        en: """
            On the phone: WhatsApp > Settings > Linked devices > Link a device (on Android: the three dots > Linked
            devices), then point it here. The code changes by itself; Ctrl-C leaves.
            """,
        he: """
            בטלפון: וואטסאפ > הגדרות > מכשירים מקושרים > קישור מכשיר (באנדרואיד: שלוש הנקודות > מכשירים מקושרים),
            ואז לכוון לכאן. הקוד מתחלף מעצמו; Ctrl-C יוצא.
            """)
    static let typeCode = Text(
        "link.type",
        en: """
            On the phone: WhatsApp > Settings > Linked devices > Link a device > Link with phone number instead,
            and type this code within three minutes:
            """,
        he: """
            בטלפון: וואטסאפ > הגדרות > מכשירים מקושרים > קישור מכשיר > קישור באמצעות מספר טלפון,
            ולהקליד את הקוד הזה תוך שלוש דקות:
            """)
    static let tooSmall = Text(
        "link.tooSmall",
        en: """
            The window is too small for the QR code: it needs {columns} columns and {lines} lines. Enlarge it and wait
            for the next code, or leave with Ctrl-C and link by a code to type: martlet link --code NUMBER
            """,
        he: """
            החלון קטן מדי לקוד: נדרשות {columns} עמודות ו־{lines} שורות. הגדילו אותו והמתינו לקוד הבא,
            או צאו עם Ctrl-C וקשרו בקוד להקלדה: martlet link --code NUMBER
            """)
    static let again = Text(
        "link.again", en: "It did not work: {reason}. Trying again…", he: "זה לא הצליח: {reason}. מנסים שוב…")
    static let finishing = Text(
        "link.finishing", en: "The phone has agreed. Setting up the encryption…", he: "הטלפון אישר. מכינים את ההצפנה…")
    static let wasUnlinked = Text(
        "link.wasUnlinked", en: "The phone had unlinked this account. Linking it anew.",
        he: "הטלפון ביטל את הקישור של החשבון הזה. מקשרים מחדש.")
    private static let linkedAs = Text(
        "link.linked", en: "Linked: account {account} is {number}.", he: "מקושר: החשבון {account} הוא {number}.")
    static let start = Text(
        "link.start", en: "Start the bot with martlet run.", he: "הפעילו את הבוט עם martlet run.")
    static let restart = Text(
        "link.restart", en: "A bot is running: restart it to connect this account.",
        he: "בוט כבר פועל: הפעילו אותו מחדש כדי לחבר את החשבון.")
    static let foreignRoot = Text(
        "link.foreignRoot",
        en: "WHATSAPP_WEB_ROOT is set: the server is not WhatsApp but an emulator, and it reads everything.",
        he: "WHATSAPP_WEB_ROOT מוגדר: השרת אינו וואטסאפ אלא אמולטור, והוא קורא הכול.")

    /// The good end.
    static func linked(_ account: WebAccount) -> Text {
        linkedAs.with(["account": account.name, "number": account.number.map { "+\($0)" } ?? "?"])
    }
}
