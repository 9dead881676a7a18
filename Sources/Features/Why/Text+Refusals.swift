import BotKit

/// Why a message was refused, for anybody.
extension Text {
    static let refused = Text(
        "why.refused", en: "I refused it, and said why in my answer.", he: "סירבתי, והסברתי למה בתשובה שלי.")
    static let notLetInYet = Text(
        "why.not_let_in_yet", en: "I did not know its sender yet, and sent a code to pass on to whoever runs me.",
        he: "עוד לא הכרתי את מי ששלח אותה, ושלחתי קוד שצריך להעביר למי שמפעיל אותי.")
    static let tooLongToAnswer = Text(
        "why.too_long", en: "It was too long. A shorter one, or several, would do.",
        he: "היא הייתה ארוכה מדי. אפשר לקצר או לחלק לכמה הודעות.")
    static let noPermission = Text(
        "why.no_permission", en: "Its sender does not have the permission that this command asks for.",
        he: "למי ששלח אותה אין את ההרשאה שהפקודה הזאת דורשת.")
    static let onlyInDirectChats = Text(
        "why.only_direct", en: "That command works only in a direct chat with me.",
        he: "הפקודה הזאת פועלת רק בצ׳אט פרטי איתי.")
    static let onlyInGroups = Text(
        "why.only_groups", en: "That command works only in a group.", he: "הפקודה הזאת פועלת רק בקבוצה.")
    static let session = Text(
        "why.session",
        en:
            "That command asks for an admin session: !admin-login in a direct chat, then --session and the token.",
        he: "הפקודה הזאת דורשת חיבור של מנהל: !admin-login בצ׳אט פרטי איתי, ואז --session והאסימון.")
    static let cannotRead = Text(
        "why.cannot_read", en: "I cannot read that kind of message. Text or an image works.",
        he: "אני לא יודע לקרוא הודעות מהסוג הזה. אפשר לשלוח טקסט או תמונה.")
    static let badFile = Text(
        "why.bad_file",
        en: "The file was too large, damaged, or no longer there. It can be sent again, or a smaller one.",
        he: "הקובץ היה גדול מדי, פגום, או שכבר לא היה זמין. אפשר לשלוח אותו שוב, או קובץ קטן יותר.")
    static let modelDeclined = Text(
        "why.model_declined", en: "The language model declined to answer it. Other words may help.",
        he: "מודל השפה סירב לענות עליה. אולי ניסוח אחר יעזור.")
    static let badArguments = Text(
        "why.bad_arguments",
        en: "The command was written in a way that I do not understand; my answer showed how it goes.",
        he: "הפקודה נכתבה בצורה שאני לא מבין; בתשובה שלי הראיתי איך כותבים אותה.")
}
