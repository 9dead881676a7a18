import BotKit
import Foundation

/// The state of one account's way out: its pace, who waits for it, and whether the network asked us to hold.
struct AccountGate: Sendable {
    private var meter = PaceMeter<AccountID>()
    private(set) var heldUntil: Date = .distantPast
    /// What the network said when it stopped the account; `nil` once a reply went out again.
    var stop: AccountStop?
    /// The last place that was given to somebody who waits.
    private var lastPlace: Date = .distantPast
    /// Stretches the interval after the network complained, and shrinks back with each success.
    private var slowdown = 1.0
    /// Whether something went out since the pace was last lowered. Until then a complaint is not about the new pace.
    private var wentOut = true

    /// When the account may send.
    func earliest(for account: AccountID, by pace: Pace?, at now: Date) -> Date {
        let free = pace.map { meter.earliest(for: account, by: $0, at: now, slowdown: slowdown) } ?? now
        return max(free, heldUntil)
    }

    /// When somebody may go who comes now: at once, or at a place of their own behind all who wait. Without places of
    /// their own a crowd would wake for each message, and chance would choose among them.
    mutating func place(for account: AccountID, by pace: Pace?, at now: Date) -> Date {
        let earliest = earliest(for: account, by: pace, at: now)
        guard let pace else { return earliest }
        if earliest <= now && lastPlace <= now.addingTimeInterval(0.0005) { return now }
        let behind = lastPlace.addingTimeInterval(pace.interval.seconds * slowdown)
        lastPlace = lastPlace > now ? max(earliest, behind) : earliest
        return Date(milliseconds: lastPlace.milliseconds)
    }

    mutating func spend(_ account: AccountID, by pace: Pace?, at now: Date) {
        guard let pace else { return }
        meter.spend(account, by: pace, at: now, slowdown: slowdown)
    }

    /// The network wants nothing until `time`, and less from then on. The complaints about what was under way together
    /// count as one.
    mutating func hold(until time: Date, at now: Date) {
        if wentOut && heldUntil <= now {
            slowdown = min(16, slowdown * 2)
            wentOut = false
        }
        rest(until: time)
    }

    /// Nothing goes out until `time`, for a reason that is not the pace.
    mutating func rest(until time: Date) { heldUntil = max(heldUntil, time) }

    mutating func noteSuccess() {
        slowdown = max(1, slowdown * 0.99)
        wentOut = true
    }

    /// Moves all waits with the clock.
    mutating func move(by step: TimeInterval) {
        meter.move(by: step)
        heldUntil += step
        lastPlace += step
        stop?.move(by: step)
    }
}
