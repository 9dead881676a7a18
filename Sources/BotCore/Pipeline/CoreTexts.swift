import BotKit

extension Text {
    static let stillWorking = Text(
        "core.still_working", en: "Still working on it…", he: "עדיין על זה, עוד רגע…")
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
