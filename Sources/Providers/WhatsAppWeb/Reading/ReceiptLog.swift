import BotKit
import Synchronization

/// How far our messages of late have come: each device and each member of a group tells it anew, and once is enough.
final class ReceiptLog: Sendable {
    private static let capacity = 4_096
    private let reached = Mutex<[MessageID: DeliveryReport.State]>([:])

    /// Whether that is news.
    func isNews(_ state: DeliveryReport.State, of message: MessageID) -> Bool {
        reached.withLock { reached in reached[message].map { $0 < state } ?? true }
    }

    /// Notes what has been handed over: only that is not told again.
    func note(_ state: DeliveryReport.State, of message: MessageID) {
        reached.withLock { reached in
            if let before = reached[message], before >= state { return }
            if reached.count >= Self.capacity { reached.removeAll() }
            reached[message] = state
        }
    }
}
