import BotKit
import Foundation

/// The state of one account's way out: its pace, who waits for it, and whether the network asked us to hold.
struct AccountGate: Sendable {
    private var meter = PaceMeter<AccountID>()
    private(set) var heldUntil: Date = .distantPast
    /// The last place that was given to somebody who waits.
    private var lastPlace: Date = .distantPast
    /// Stretches the interval after the network complained, and shrinks back with each success.
    private var slowdown = 1.0

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

    mutating func hold(until time: Date) {
        heldUntil = max(heldUntil, time)
        slowdown = min(16, slowdown * 2)
    }

    mutating func noteSuccess() { slowdown = max(1, slowdown * 0.99) }
}
