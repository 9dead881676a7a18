import BotKit
import Foundation
import Logging

/// What is stored as a time of the machine's clock, when that is set back: nothing waits until it has caught up.
///
/// A job that is meant for a time of the calendar keeps it.
extension JobRunner {
    /// The time; looks first whether the clock was set back since it was read last.
    func readClock() async throws -> Date {
        let now = time.now
        guard now.adding(.clockTolerance) < clockRead else {
            clockRead = max(clockRead, now)
            return now
        }
        try await takeBackClock(at: now)
        logger.warning(
            "the clock was set back; jobs and their calendar go by the new time",
            metadata: ["seconds": "\(Int(clockRead.timeIntervalSince(now)))"])
        clockRead = now
        return now
    }

    /// Brings what was stored under a later clock back to this one. It may be done more than once, and by several
    /// processes.
    func takeBackClock(at now: Date) async throws {
        try await setSchedules()
        try await store.shortenRetries(at: now, base: settings.retryBase, cap: Self.longestRetry)
        try await store.hasten(at: now, base: queue.retryBase, cap: Self.longestRetry)
        // Whoever lives renews a lease long before a lease's time is over.
        leasesTrusted = now.adding(settings.lease)
    }

    /// From when on a lease cannot run, if its time is taken from a clock that was set back; `nil` while who holds it
    /// may be alive.
    func latestLease(at now: Date) -> Date? {
        guard let leasesTrusted, now >= leasesTrusted else { return nil }
        return now.adding(settings.lease + .clockTolerance)
    }

    /// Whether the calendar has two earlier times than `due`: it was fired before the clock was set back. With one, it
    /// was fired for that already.
    func isTooFar(_ due: Date, by cron: CronExpression, at now: Date) -> Bool {
        guard let first = cron.next(after: now), let second = cron.next(after: first) else { return false }
        return due > second
    }
}
