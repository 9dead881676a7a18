import BotKit
import DequeModule
import Foundation

/// When things happened, for a limit on how many may happen in any stretch of time.
struct SlidingLog: Sendable {
    /// Oldest first.
    private var times: Deque<Date> = []

    /// When it happened last.
    var last: Date? { times.last }

    /// When it may happen again under a limit of so many in `window` seconds: `now` or later.
    func earliest(under limit: Int, in window: TimeInterval, at now: Date) -> Date {
        guard times.count >= limit else { return now }
        let free = times[times.count - limit].addingTimeInterval(window)
        // The clock of the outbox ticks in milliseconds.
        return free <= now.addingTimeInterval(0.0005) ? now : Date(milliseconds: free.milliseconds)
    }

    /// Notes that it happened, not before the time that was noted last.
    /// - Parameter limit: of how many the times matter.
    mutating func note(_ time: Date, keeping limit: Int) {
        times.append(max(time, times.last ?? time))
        while times.count > limit { times.removeFirst() }
    }

    /// Moves all times with the clock.
    mutating func move(by step: TimeInterval) {
        for index in times.indices { times[index] += step }
    }
}
