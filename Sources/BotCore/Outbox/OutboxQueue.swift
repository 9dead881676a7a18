import BotKit
import DequeModule
import Foundation

/// What waits to be sent to one chat.
struct OutboxQueue: Sendable {
    /// How many items are held in memory; more wait in the table.
    static let capacity = 100

    var items: Deque<OutboxItem> = []
    /// Whether the table may hold items that are not in `items`.
    var hasMore = false
    /// Whether the table is being read; what comes meanwhile is read with the next look.
    var isLoading = false
    /// Counts the wishes to read the table anew: what was read for an earlier one is stale.
    var reloads = 0
    /// The newest row that was ever in `items`.
    var newest: Int64 = 0
    /// After a failure of the store: nothing before this time.
    var pausedUntil: Date = .distantPast
    /// After the network complained about this chat: nothing is sent before this time.
    var heldUntil: Date = .distantPast
    var complaints = 0
    /// The chat's place among those that wait for the account.
    var place: Date?
    /// The message sent last, while its news decides whether the next may follow.
    var awaited: (row: Int64, until: Date)?
    /// The last message that there was news of; news may come before the send returns.
    var lastNews: Int64 = 0
    /// How often the member wrote.
    var visits = 0
    /// Whether no message from the chat is stored; `nil` until that was looked up.
    var isStranger: Bool?
    /// When the first of the items comes due that are kept back in the table while later ones go out.
    var postponedUntil: Date?

    /// Lines up an item that is stored.
    mutating func accept(_ item: OutboxItem) {
        // A row that is not newer may be in memory already, or come late: the table knows.
        if hasMore || isLoading || items.count >= Self.capacity || item.row <= newest {
            hasMore = true
        } else {
            items.append(item)
            newest = item.row
        }
    }

    /// Holds what was read from the table.
    mutating func take(_ loaded: [OutboxItem], andMore: Bool) {
        items = Deque(loaded)
        newest = max(newest, loaded.last?.row ?? 0)
        if andMore { hasMore = true }
    }

    /// Leaves the first item to the table until `time`; those behind it go on.
    mutating func postpone(until time: Date) {
        if !items.isEmpty { items.removeFirst() }
        postponedUntil = min(postponedUntil ?? time, time)
    }

    /// Moves all waits with the clock.
    mutating func move(by step: TimeInterval) {
        pausedUntil += step
        heldUntil += step
        place? += step
        awaited?.until += step
        postponedUntil? += step
        for index in items.indices { items[index].notBefore += step }
    }

    /// Forgets what is in memory in favour of the table.
    mutating func reload() {
        items.removeAll()
        hasMore = true
        reloads += 1
    }

    /// Whether there is nothing to remember at `now`.
    func isSpent(at now: Date) -> Bool {
        items.isEmpty && !hasMore && !isLoading && heldUntil <= now && pausedUntil <= now
            && postponedUntil == nil && (awaited.map { $0.until <= now } ?? true)
    }
}
