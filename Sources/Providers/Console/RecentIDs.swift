import BotKit
import Foundation

/// The last few message ids, to know a repeated one.
struct RecentIDs: Sendable {
    private let limit: Int
    private var known: Set<MessageID> = []
    /// In the order of their coming; one that was removed is `nil`.
    private var order: [MessageID?] = []
    private var oldest = 0

    init(limit: Int) { self.limit = limit }

    /// - Returns: whether the id is new.
    mutating func insert(_ id: MessageID) -> Bool {
        guard known.insert(id).inserted else { return false }
        if order.count < limit {
            order.append(id)
        } else {
            if let forgotten = order[oldest] { known.remove(forgotten) }
            order[oldest] = id
            oldest = (oldest + 1) % limit
        }
        return true
    }

    mutating func remove(_ id: MessageID) {
        guard known.remove(id) != nil, let index = order.firstIndex(of: id) else { return }
        order[index] = nil
    }
}
