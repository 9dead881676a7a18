import BotKit
import Foundation
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
            /// A right that Meta took away for a time: over at its end, or, without one, when a message goes out again.
            case restriction
            /// A decision that Meta told us: over when Meta takes it back.
            case decision
        }
        let cause: Cause
        /// A closed word or Meta's code.
        let code: String
        let problem: String
        /// When it ends by itself.
        var until: Date?
    }
    private struct State {
        var stop: Stop?
        /// When a message was first kept back by a restriction without an end.
        var keptBackAt: Date?
        var isReachable = false
    }
    /// Messages that were under way together are kept back together by a restriction without an end.
    private static let together: TimeInterval = 5

    let account: AccountID
    private let time: any TimeSource
    private let state = Mutex(State())

    init(_ account: AccountID, time: any TimeSource) {
        self.account = account
        self.time = time
    }

    var stop: Stop? { current { $0.stop } }
    var isConnected: Bool { current { $0.isReachable && $0.stop == nil } }
    /// Whether the health check has something to find out soon.
    var isInTrouble: Bool { current { !$0.isReachable || $0.stop?.cause == .token } }

    /// Why a message is not even tried now; `nil` when it is to be tried.
    ///
    /// A refusal or a bad token is over when a message goes out again, so it is tried. So is a restriction whose end
    /// nobody told, after the first message was kept back: the outbox rests then, and lets one try.
    func obstacle() -> Stop? {
        let now = time.now
        return current { state in
            guard let stop = state.stop else { return nil }
            switch stop.cause {
            case .token, .refusal: return nil
            case .decision: return stop
            case .restriction:
                guard stop.until == nil else { return stop }
                let since = state.keptBackAt ?? now
                state.keptBackAt = since
                return (0..<Self.together).contains(now.timeIntervalSince(since)) ? stop : nil
            }
        }
    }

    /// - Returns: whether that is new.
    @discardableResult func stop(_ stop: Stop) -> Bool {
        current { state in
            // A later word about a restriction counts instead of the one before.
            let isNewer = stop.cause == .restriction && state.stop?.cause == .restriction
            guard isNewer || stop.cause.rawValue > (state.stop?.cause.rawValue ?? -1) else { return false }
            state.stop = stop
            state.keptBackAt = nil
            return true
        }
    }

    /// Meta took its decision back.
    func resume() { current { $0.stop = nil } }

    /// The network answered, and the token is good.
    func noteAnswer() {
        current { state in
            state.isReachable = true
            if state.stop?.cause == .token { state.stop = nil }
        }
    }

    /// A message went out.
    func noteSent() {
        current { state in
            state.isReachable = true
            if state.stop?.cause != .decision { state.stop = nil }
        }
    }

    func noteUnreachable() { current { $0.isReachable = false } }

    /// The state as it is now: what has ended is over.
    private func current<Value>(_ body: (inout State) -> Value) -> Value {
        let now = time.now
        return state.withLock { state in
            if let end = state.stop?.until, end <= now { state.stop = nil }
            return body(&state)
        }
    }
}
