import BotKit
import DequeModule
import Foundation

/// What waits in one chat, and how its store does.
struct ChatLane: Sendable {
    var waiting: Deque<StoredMessage> = []
    /// Whether the table may hold messages that are not in `waiting`.
    var hasMore = false
    /// Whether the table is being read; what comes meanwhile is read with the next look.
    var isLoading = false
    /// When the bot speaks in this group, once it was looked up for the next turn.
    var rule: Activation?
    /// An end that the store did not take yet.
    var unstored: TurnLine?
    /// After a failure of the store: not before this time.
    var pausedUntil: Date?
    var failures = 0

    private static let longestPause = Duration.seconds(32)

    /// Until when it rests; `nil` when it does not. A time that is further off was set before the clock was set back.
    func rest(at now: Date) -> Date? {
        pausedUntil.flatMap { $0 > now && $0 <= now.adding(Self.longestPause) ? $0 : nil }
    }

    /// Rests after a failure of the store, twice as long with each in a row.
    mutating func pause(at now: Date) {
        failures += 1
        pausedUntil = now.adding(min(.milliseconds(500 * (1 << min(failures, 6))), Self.longestPause))
    }
}
