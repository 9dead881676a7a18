import BotKit
import Foundation

/// How much slower an account sends because sends failed: a level from 0 to 5, looked over once a minute.
struct SendThrottle: Sendable {
    static let highest = 5
    /// Of fewer sends nothing is concluded.
    private static let leastSends = 10

    private(set) var level = 0
    /// Since when the minute runs that is counted; `nil` when there is nothing to count.
    private(set) var since: Date?
    private var sends = 0
    private var failures = 0

    init() {}

    /// As it was left by an earlier process.
    init(level: Int, since: Date) {
        self.level = min(max(level, 0), Self.highest)
        self.since = level > 0 ? since : nil
    }

    /// Counts a send.
    mutating func note(failed: Bool, at now: Date) {
        look(at: now)
        if since == nil { since = now }
        sends += 1
        if failed { failures += 1 }
    }

    /// Counts that a send that went well has failed after all.
    mutating func noteLateFailure(at now: Date) {
        look(at: now)
        if since == nil { since = now }
        failures += 1
    }

    /// Ends the minute that is over, and those after it in which nothing was sent.
    mutating func look(at now: Date) {
        guard let start = since else { return }
        let minutes = Int((now.timeIntervalSince(start) + 0.0005) / 60)
        guard minutes > 0 else { return }
        if sends >= Self.leastSends, failures * 10 > sends {
            level = min(level + 1, Self.highest)
        } else if failures * 100 < sends || (sends == 0 && failures == 0) {
            level = max(level - 1, 0)
        }
        level = max(level - (minutes - 1), 0)
        (sends, failures) = (0, 0)
        since = level > 0 ? start.addingTimeInterval(60 * Double(minutes)) : nil
    }

    /// Moves all times with the clock.
    mutating func move(by step: TimeInterval) { since? += step }
}
