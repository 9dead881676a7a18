import Synchronization
import TestKit

/// Collects values from many tasks.
final class Recorder<Value: Sendable>: Sendable {
    private let state = Mutex<[Value]>([])
    var values: [Value] { state.withLock { $0 } }
    var count: Int { state.withLock { $0.count } }
    func add(_ value: Value) { state.withLock { $0.append(value) } }
}

/// Counts what is going on now, and the most there ever was.
final class Gauge: Sendable {
    private let state = Mutex((now: 0, most: 0))
    var most: Int { state.withLock { $0.most } }
    var now: Int { state.withLock { $0.now } }
    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }
    func leave() { state.withLock { $0.now -= 1 } }

    /// Counts as going on while it waits at the door.
    func pass(_ door: Door) async throws {
        enter()
        defer { leave() }
        try await door.pass()
    }
}
