import BotKit

extension Text {
    private static let slowDownOne = Text(
        "limits.slow_down", en: "Slow down! You're sending messages too quickly. Try again in 1 minute.",
        he: "לאט לאט! ההודעות מגיעות מהר מדי. אפשר לנסות שוב בעוד דקה.")
    private static let slowDownSome = Text(
        "limits.slow_down_some",
        en: "Slow down! You're sending messages too quickly. Try again in {minutes} minutes.",
        he: "לאט לאט! ההודעות מגיעות מהר מדי. אפשר לנסות שוב בעוד {minutes} דקות.")
    private static let everybodyAsksOne = Text(
        "limits.busy", en: "System busy, try again in 1 minute.", he: "יש עומס כרגע. אפשר לנסות שוב בעוד דקה.")
    private static let everybodyAsksSome = Text(
        "limits.busy_some", en: "System busy, try again in {minutes} minutes.",
        he: "יש עומס כרגע. אפשר לנסות שוב בעוד {minutes} דקות.")
    private static let floodedOne = Text(
        "limits.flooded",
        en: "That was too many messages at once. I won't read any more from you for 1 minute.",
        he: "קיבלתי יותר מדי הודעות בבת אחת. בדקה הקרובה לא אקרא הודעות נוספות.")
    private static let floodedSome = Text(
        "limits.flooded_some",
        en: "That was too many messages at once. I won't read any more from you for {minutes} minutes.",
        he: "קיבלתי יותר מדי הודעות בבת אחת. ב־{minutes} הדקות הקרובות לא אקרא הודעות נוספות.")

    /// What was said meanwhile is not answered. It is read when what waited has arrived.
    static let tooMuchWaited = Text(
        "limits.too_much_waited",
        en: "While so many of my answers here were waiting to be sent, I left what came after this unanswered. If it "
            + "still matters, please send it again.",
        he: "הצטברו כאן הרבה תשובות שלי שחיכו לשליחה, ולכן לא עניתי על מה שנכתב בינתיים. אם זה עדיין חשוב, אפשר לשלוח "
            + "שוב.")

    /// The member asked too much of the model; in `span` there is room for as much again.
    static func slowDown(for span: Duration) -> Text { choose(slowDownOne, slowDownSome, span) }

    /// All together did.
    static func everybodyAsks(in span: Duration) -> Text { choose(everybodyAsksOne, everybodyAsksSome, span) }

    /// The member is not heard for `span`.
    static func flooded(for span: Duration) -> Text { choose(floodedOne, floodedSome, span) }

    private static func choose(_ one: Text, _ some: Text, _ span: Duration) -> Text {
        let minutes = Int((span.seconds / 60).rounded(.up))
        return minutes <= 1 ? one : some.with(["minutes": "\(minutes)"])
    }
}
