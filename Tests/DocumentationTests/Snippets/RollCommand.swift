import BotKit

/// `!roll` throws a die with six sides, `!roll 20` one with twenty.
struct RollCommand: Command {
    let words: Set<String> = ["roll", "הטל"]
    let usage = Text("dice.usage", en: "!roll [sides]: throw a die", he: "!הטל [פאות]: הטלת קובייה")
    /// Picks a number; a test gives its own.
    var pick: @Sendable (ClosedRange<Int>) -> Int = { Int.random(in: $0) }

    func answer(_ turn: Turn, _ arguments: Substring) async throws -> Answer {
        guard let sides = arguments.isEmpty ? 6 : Int(arguments), (2...1000).contains(sides) else {
            throw Refusal(.wrongSides, reason: "bad_arguments")
        }
        return [.text(.rolled.with(["number": "\(pick(1...sides))"]))]
    }
}

extension Text {
    fileprivate static let rolled = Text("dice.rolled", en: "You rolled {number}.", he: "יצא {number}.")
    fileprivate static let wrongSides = Text(
        "dice.sides", en: "A die has 2 to 1000 sides.", he: "לקובייה יש בין 2 ל־1000 פאות.")
}
