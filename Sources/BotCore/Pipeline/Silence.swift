import BotKit

/// Ends the line of a message without a word.
struct Silence: Error {
    let reason: TurnReason
    init(_ reason: TurnReason) { self.reason = reason }

    /// Kept for the record alone, or not for us.
    var outcome: TurnOutcome { reason == .tooOld ? .stored : .ignored }
}
