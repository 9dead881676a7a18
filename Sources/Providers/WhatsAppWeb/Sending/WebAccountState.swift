import BotKit
import Synchronization

/// Whether one account is connected and may send.
final class WebAccountState: Sendable {
    /// Why nothing is sent until the operator has acted.
    struct Stop: Sendable, Hashable {
        /// A closed word.
        let code: String
        let problem: String
    }
    private struct State {
        var stop: Stop?
        var ban: WebBan?
        var isOnline = false
        /// Where we show that we write.
        var typing: Set<ChatID> = []
        /// The messages of late that were marked as read.
        var read: Set<MessageID> = []
    }
    private static let capacity = 4_096
    private let state = Mutex(State())

    var stop: Stop? { state.withLock { $0.stop } }
    /// The ban whose end is waited for.
    var ban: WebBan? { state.withLock { $0.ban } }
    var isConnected: Bool { state.withLock { $0.isOnline && $0.stop == nil && $0.ban == nil } }

    func setOnline(_ isOnline: Bool) { state.withLock { $0.isOnline = isOnline } }
    func setBan(_ ban: WebBan?) { state.withLock { $0.ban = ban } }

    func stop(_ stop: Stop) {
        state.withLock { state in
            state.stop = stop
            state.ban = nil
            state.isOnline = false
        }
    }

    func beganTyping(in chat: ChatID) {
        state.withLock { state in
            if state.typing.count >= Self.capacity { state.typing.removeAll() }
            state.typing.insert(chat)
        }
    }

    /// - Returns: whether we showed that we write there.
    func endedTyping(in chat: ChatID) -> Bool { state.withLock { $0.typing.remove(chat) != nil } }

    /// - Returns: whether the message was not marked before.
    func noteRead(_ message: MessageID) -> Bool {
        state.withLock { state in
            if state.read.count >= Self.capacity { state.read.removeAll() }
            return state.read.insert(message).inserted
        }
    }
}
