/// Ends the line of a message without a word.
struct Silence: Error {
    let outcome: TurnOutcome
    init(_ outcome: TurnOutcome) { self.outcome = outcome }
}
