import BotKit
import Foundation

/// The state of one account's way out: its pace, and whether the network asked us to hold.
struct AccountGate: Sendable {
    private var meter = PaceMeter<AccountID>()
    private(set) var heldUntil: Date = .distantPast
    /// Stretches the interval after the network complained, and shrinks back with each success.
    private var slowdown = 1.0

    /// When the account may send.
    func earliest(for account: AccountID, by pace: Pace?, at now: Date) -> Date {
        let free = pace.map { meter.earliest(for: account, by: $0, at: now, slowdown: slowdown) } ?? now
        return max(free, heldUntil)
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
