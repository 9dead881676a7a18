import BotKit
import Foundation

/// Keeps many senders to a pace: the generic cell rate algorithm (ITU-T I.371), one time per key.
struct PaceMeter<Key: Hashable & Sendable>: Sendable {
    /// When each key's next message would be due if it kept the exact interval.
    private var due: [Key: Date] = [:]

    /// How many keys are remembered.
    var count: Int { due.count }

    /// When `key` may send, `now` or later. Does not count as sending.
    func earliest(for key: Key, by pace: Pace, at now: Date, slowdown: Double = 1) -> Date {
        guard let due = due[key] else { return now }
        let room = pace.interval.seconds * slowdown * Double(pace.burst - 1)
        let earliest = due.addingTimeInterval(-room)
        // The clock of the outbox ticks in milliseconds; what adding up is off by must not cost another tick.
        return earliest <= now.addingTimeInterval(0.0005) ? now : Date(milliseconds: earliest.milliseconds)
    }

    /// Counts one message of `key`.
    mutating func spend(_ key: Key, by pace: Pace, at now: Date, slowdown: Double = 1) {
        due[key] = max(now, due[key] ?? now).addingTimeInterval(pace.interval.seconds * slowdown)
        if due.count > 20_000 { due = due.filter { $0.value > now } }
    }

    /// Moves all times with the clock.
    mutating func move(by step: TimeInterval) { due = due.mapValues { $0 + step } }
}
