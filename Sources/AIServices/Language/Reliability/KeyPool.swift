import BotKit
import Foundation
import Synchronization

/// The keys of one endpoint, taken in turn; a key that was refused or has reached its limit rests.
final class KeyPool: Sendable {
    /// A place in the pool, which may be logged, and the key, which may not. No key for servers that want none.
    struct Key: Sendable, Equatable {
        let place: Int
        let secret: String?
    }

    enum Choice: Sendable {
        case key(Key)
        /// All rest; the first is back at `time`. The failure is the one that made it rest.
        case none(until: Date, because: CallFailure)
    }

    private struct Rest {
        let until: Date
        let failure: CallFailure
    }
    private struct State {
        var keys: [Key]
        var next = 0
        var rests: [Int: Rest] = [:]
    }

    private let state: Mutex<State>

    init(_ secrets: [String]) { state = Mutex(State(keys: Self.keys(secrets))) }

    private static func keys(_ secrets: [String]) -> [Key] {
        let secrets: [String?] = secrets.isEmpty ? [nil] : secrets
        return secrets.enumerated().map { Key(place: $0.offset, secret: $0.element) }
    }

    var count: Int { state.withLock { $0.keys.count } }

    /// Takes other keys; none of them rests.
    func replace(_ secrets: [String]) { state.withLock { $0 = State(keys: Self.keys(secrets)) } }

    /// The next key that does not rest.
    func take(at now: Date) -> Choice {
        state.withLock { state in
            state.rests = state.rests.filter { $0.value.until > now }
            let keys = state.keys
            for step in 0..<keys.count {
                let place = (state.next + step) % keys.count
                guard state.rests[place] == nil else { continue }
                state.next = (place + 1) % keys.count
                return .key(keys[place])
            }
            guard let soonest = state.rests.values.min(by: { $0.until < $1.until }) else { return .key(keys[0]) }
            return .none(until: soonest.until, because: soonest.failure)
        }
    }

    /// Lets a key rest.
    /// - Returns: whether another one can be taken now.
    func rest(_ key: Key, until: Date, because failure: CallFailure, at now: Date) -> Bool {
        state.withLock { state in
            if (state.rests[key.place]?.until ?? .distantPast) < until {
                state.rests[key.place] = Rest(until: until, failure: failure)
            }
            return state.keys.contains { (state.rests[$0.place]?.until ?? .distantPast) <= now }
        }
    }
}
