import BotKit
import Foundation

/// Keeps many senders to a pace: the generic cell rate algorithm (ITU-T I.371), one time per key.
struct PaceMeter<Key: Hashable & Sendable>: Sendable {
    /// When each key's next message would be due if it kept the exact interval.
    private var due: [Key: Date] = [:]

    /// When `key` may send, `now` or later. Does not count as sending.
    func earliest(for key: Key, by pace: Pace, at now: Date, slowdown: Double = 1) -> Date {
        guard let due = due[key] else { return now }
        let room = pace.interval.seconds * slowdown * Double(pace.burst - 1)
        return max(now, due.addingTimeInterval(-room))
    }

    /// Counts one message of `key`.
    mutating func spend(_ key: Key, by pace: Pace, at now: Date, slowdown: Double = 1) {
        due[key] = max(now, due[key] ?? now).addingTimeInterval(pace.interval.seconds * slowdown)
        if due.count > 20_000 { due = due.filter { $0.value > now } }
    }
}
