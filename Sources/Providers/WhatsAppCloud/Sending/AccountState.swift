import BotKit
import Synchronization
import WhatsAppCloud

/// Whether one number may and can send.
final class AccountState: Sendable {
    /// Why nothing is sent.
    struct Stop: Sendable, Hashable {
        /// A cause outlasts those above it.
        enum Cause: Int, Sendable {
            /// The access token, which the health check tries again.
            case token
            /// Meta refused a message for what the number did: over when a message goes out again.
            case refusal
            /// A decision that Meta told us: over when Meta takes it back.
            case decision
        }
        let cause: Cause
        /// A closed word or Meta's code.
        let code: String
        let problem: String
    }
    private struct State {
        var stop: Stop?
        var isReachable = false
    }

    let account: AccountID
    private let state = Mutex(State())

    init(_ account: AccountID) { self.account = account }

    var stop: Stop? { state.withLock { $0.stop } }
    var isConnected: Bool { state.withLock { $0.isReachable && $0.stop == nil } }
    /// Whether the health check has something to find out soon.
    var isInTrouble: Bool { state.withLock { !$0.isReachable || $0.stop?.cause == .token } }

    /// - Returns: whether that is new.
    @discardableResult func stop(_ stop: Stop) -> Bool {
        state.withLock { state in
            guard stop.cause.rawValue > (state.stop?.cause.rawValue ?? -1) else { return false }
            state.stop = stop
            return true
        }
    }

    /// Meta took its decision back.
    func resume() { state.withLock { $0.stop = nil } }

    /// The network answered, and the token is good.
    func noteAnswer() {
        state.withLock { state in
            state.isReachable = true
            if state.stop?.cause == .token { state.stop = nil }
        }
    }

    /// A message went out.
    func noteSent() {
        state.withLock { state in
            state.isReachable = true
            if state.stop?.cause != .decision { state.stop = nil }
        }
    }

    func noteUnreachable() { state.withLock { $0.isReachable = false } }
}
