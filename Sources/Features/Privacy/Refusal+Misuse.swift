import BotKit

extension Refusal {
    /// Words that a command for one's own data does not know: whoever names somebody else with them tries what nobody
    /// may, and the audit is told.
    static func misuse(_ usage: Text, _ words: Substring) -> Refusal {
        let people = words.split(whereSeparator: \.isWhitespace).prefix(8).compactMap { Person($0) }
        guard let person = people.first else { return Refusal(usage, reason: "bad_arguments") }
        return .denial(usage, reason: "bad_arguments", of: person.party)
    }
}
