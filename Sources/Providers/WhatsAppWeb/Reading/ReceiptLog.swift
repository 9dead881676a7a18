import BotKit
import Synchronization

/// How far our messages of late have come: each device and each member of a group tells it anew, and once is enough.
final class ReceiptLog: Sendable {
    private static let capacity = 4_096
    private let reached = Mutex<[MessageID: DeliveryReport.State]>([:])

    /// - Returns: whether that is news.
    func note(_ state: DeliveryReport.State, of message: MessageID) -> Bool {
        reached.withLock { reached in
            if let before = reached[message], before >= state { return false }
            if reached.count >= Self.capacity { reached.removeAll() }
            reached[message] = state
            return true
        }
    }
}
