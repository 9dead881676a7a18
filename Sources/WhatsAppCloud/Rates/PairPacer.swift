public import Foundation

/// Paces the messages of one of our numbers to one user (generic cell rate algorithm), and holds after refusals.
///
/// Meta allows one in 6 seconds, and bursts of up to 45 that are borrowed from the time that follows.
public struct PairPacer: Sendable, Equatable {
    /// How much of the allowance a message may use.
    public enum Urgency: Sendable {
        /// The bot's own burst.
        case normal
        /// Meta's whole burst: for what must not wait.
        case urgent
    }

    /// The pace.
    public struct Settings: Sendable, Equatable {
        /// Seconds for one message; 0 paces nothing.
        public var interval: TimeInterval = 6
        /// How many normal messages may go at once.
        public var burst = 10
        /// How many messages may ever go at once.
        public var hardBurst = 45

        /// Meta's pace, and a burst of 10.
        public init() {}
    }

    private let settings: Settings
    /// When the allowance that was used up is whole again.
    private var freeAt = Date.distantPast
    private var heldUntil = Date.distantPast
    private var refusals = 0

    /// Starts with a whole allowance.
    public init(settings: Settings = Settings()) {
        self.settings = settings
    }

    /// Takes one message's allowance.
    /// - Returns: `nil` if it was taken; else when to ask again, and nothing was taken.
    public mutating func take(at now: Date, _ urgency: Urgency = .normal) -> Date? {
        if now < heldUntil { return heldUntil }
        guard settings.interval > 0 else { return nil }
        let burst = urgency == .urgent ? settings.hardBurst : min(settings.burst, settings.hardBurst)
        let earliest = freeAt.addingTimeInterval(-settings.interval * Double(max(burst, 1) - 1))
        if now < earliest { return earliest }
        freeAt = max(freeAt, now).addingTimeInterval(settings.interval)
        return nil
    }

    /// Notes error 131056: holds the pair 1, 4, 16, … seconds, longer with every refusal in a row.
    /// - Returns: until when.
    @discardableResult
    public mutating func refused(at now: Date) -> Date {
        let seconds = ErrorRemedy.pairHold(attempt: refusals).components.seconds
        refusals = min(refusals + 1, 6)
        heldUntil = max(heldUntil, now.addingTimeInterval(TimeInterval(seconds)))
        return heldUntil
    }

    /// Notes that a message was accepted: the next refusal holds shortly again.
    public mutating func accepted() { refusals = 0 }

    /// Whether a new pacer would say the same: then this one need not be kept.
    public func isFresh(at now: Date) -> Bool { now >= freeAt && now >= heldUntil && refusals == 0 }
}
