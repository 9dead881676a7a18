import BotKit

/// What became of a message, in sentences.
struct Explanation {
    let texts: [Text]

    /// - Parameter withSettings: whether settings and policies are named, as for those who can change them.
    init(_ record: TurnRecord, withSettings: Bool) {
        guard let verdict = record.verdict else {
            texts = [record.isOpen ? .stillOpen : .notNoted]
            return
        }
        let sentence = withSettings ? verdict.forOperators : verdict.forMembers
        var texts = [sentence.with(["reference": record.reference, "feature": verdict.feature ?? "core"])]
        if record.count > 1 {
            let text: Text = withSettings ? .togetherBySetting : .together
            texts.append(text.with(["count": "\(record.count)"]))
        }
        if record.replies.waiting > 0 { texts.append(.answerWaits) }
        if record.replies.parked > 0 { texts.append(.answerParked) }
        if let problem = record.replies.problem {
            texts.append(withSettings ? .answerDeadBecause.with(["problem": problem]) : .answerDead)
        }
        self.texts = texts
    }
}

extension Text {
    fileprivate static let stillOpen = Text(
        "why.still_open", en: "I have not finished with that message yet.", he: "עוד לא סיימתי לטפל בהודעה הזאת.")
    fileprivate static let notNoted = Text(
        "why.not_noted", en: "That message is from before I began to note the reasons.",
        he: "ההודעה הזאת היא מלפני שהתחלתי לרשום סיבות.")
    fileprivate static let together = Text(
        "why.together", en: "It was one of {count} messages in a row that I took together.",
        he: "היא הייתה אחת מ-{count} הודעות רצופות שהתייחסתי אליהן יחד.")
    fileprivate static let togetherBySetting = Text(
        "why.together_setting",
        en: "It was one of {count} messages in a row that I took together (SETTLE_MILLISECONDS).",
        he: "היא הייתה אחת מ-{count} הודעות רצופות שהתייחסתי אליהן יחד (SETTLE_MILLISECONDS).")
    fileprivate static let answerWaits = Text(
        "why.answer_waits", en: "What I said to it is still on its way.", he: "מה שעניתי עליה עדיין בדרך.")
    fileprivate static let answerParked = Text(
        "why.answer_parked",
        en: "What I said to it waits until its sender writes to me again: the network lets nothing out before.",
        he: "מה שעניתי עליה ממתין עד שמי ששלח אותה יכתוב לי שוב: הרשת לא מאפשרת לשלוח קודם.")
    fileprivate static let answerDead = Text(
        "why.answer_dead", en: "What I said to it could not be sent.", he: "את מה שעניתי עליה לא הצלחתי לשלוח.")
    fileprivate static let answerDeadBecause = Text(
        "why.answer_dead_because",
        en: "What I said to it could not be sent ({problem}); martlet dead-letters lists such messages.",
        he: "את מה שעניתי עליה לא הצלחתי לשלוח ({problem}); הפקודה martlet dead-letters מציגה הודעות כאלה.")
}
