import BotKit
import Foundation
import Synchronization

/// A clock that never waits: a sleep moves it on at once and is remembered.
final class HastyTime: TimeSource {
    private let state: Mutex<(now: Date, sleeps: [Double])>

    init(_ start: Date = Date(timeIntervalSince1970: 1_795_000_000)) { state = Mutex((start, [])) }

    var now: Date { state.withLock { $0.now } }
    /// The sleeps in seconds, in order.
    var sleeps: [Double] { state.withLock { $0.sleeps } }

    func sleep(until time: Date) async throws {
        try Task.checkCancellation()
        state.withLock { state in
            state.sleeps.append(time.timeIntervalSince(state.now))
            state.now = max(state.now, time)
        }
    }
}
