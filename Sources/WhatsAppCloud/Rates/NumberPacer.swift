public import Foundation

/// Paces the calls of one of our numbers (token bucket): slower at once when Meta says so, faster again slowly.
///
/// Meta allows 80 messages a second, in and out together, for a number that was not upgraded.
public struct NumberPacer: Sendable, Equatable {
    /// The pace.
    public struct Settings: Sendable, Equatable {
        /// The most messages a second; 0 paces nothing.
        public var rate: Double = 60
        /// The fewest, after any number of refusals.
        public var slowestRate: Double = 1
        /// How many messages a second are won back in every second without a refusal.
        public var recovery: Double = 0.1
        /// How long nothing is sent after a refusal, in seconds; 0 goes on at once, at half the speed.
        public var hold: TimeInterval = 1

        /// 60 a second of Meta's 80.
        public init() {}
    }

    private let settings: Settings
    /// Messages a second at this time.
    public private(set) var rate: Double
    private var tokens: Double
    private var updatedAt: Date?
    private var heldUntil = Date.distantPast

    /// Starts at full speed with one second's allowance.
    public init(settings: Settings = Settings()) {
        self.settings = settings
        rate = settings.rate
        tokens = max(settings.rate, 1)
    }

    /// Takes one message's allowance.
    /// - Returns: `nil` if it was taken; else when to ask again, and nothing was taken.
    public mutating func take(at now: Date) -> Date? {
        followClock(to: now)
        if now < heldUntil { return heldUntil }
        guard settings.rate > 0 else { return nil }
        refill(at: now)
        guard tokens >= 1 else { return now.addingTimeInterval((1 - tokens) / rate) }
        tokens -= 1
        return nil
    }

    /// Notes error 130429: half the speed, and nothing for a moment.
    public mutating func refused(at now: Date) {
        followClock(to: now)
        refill(at: now)
        rate = max(rate / 2, min(settings.slowestRate, settings.rate))
        tokens = 0
        hold(until: now.addingTimeInterval(max(settings.hold, 0)))
    }

    /// Holds all messages, as for a `Retry-After` or an error of the whole account.
    public mutating func hold(until time: Date) { heldUntil = max(heldUntil, time) }

    /// A clock that was set back gives nothing and takes nothing: what is held waits no longer than it would have.
    private mutating func followClock(to now: Date) {
        guard let seen = updatedAt, now < seen else { return }
        heldUntil += now.timeIntervalSince(seen)
        updatedAt = now
    }

    private mutating func refill(at now: Date) {
        let elapsed = max(now.timeIntervalSince(updatedAt ?? now), 0)
        updatedAt = now
        tokens = min(tokens + elapsed * rate, max(rate, 1))
        rate = min(rate + elapsed * settings.recovery, settings.rate)
    }
}
