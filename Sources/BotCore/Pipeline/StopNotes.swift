import BotKit
import Synchronization

/// Remembers, from lane to turn, which messages stopped a running answer.
final class StopNotes: Sendable {
    private let messages = Mutex<Set<MessageID>>([])

    func note(_ id: MessageID) { messages.withLock { _ = $0.insert(id) } }

    /// Whether the message stopped an answer; asked once.
    func take(_ id: MessageID) -> Bool { messages.withLock { $0.remove(id) != nil } }
}
