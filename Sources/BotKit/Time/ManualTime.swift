public import Foundation
import Synchronization

/// A clock that moves only when it is told to, for tests and for scripted conversations.
public final class ManualTime: TimeSource {
    private struct Sleeper {
        let id: UInt64
        let until: Date
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var now: Date
        var nextID: UInt64 = 0
        var sleepers: [Sleeper] = []
        var cancelled: Set<UInt64> = []
    }
    private let state: Mutex<State>

    public init(_ start: Date) { state = Mutex(State(now: start)) }

    public var now: Date { state.withLock { $0.now } }

    /// The times that sleepers wait for, soonest first.
    public var wakeTimes: [Date] { state.withLock { $0.sleepers.map(\.until).sorted() } }

    /// Moves the clock by `duration`, to a whole millisecond, and wakes all whose time has come, soonest first.
    public func advance(by duration: Duration) {
        let due = state.withLock { state in
            // Whole milliseconds, so that many small steps come out exactly where one large step does.
            state.now = Date(milliseconds: state.now.adding(duration).milliseconds)
            let due = state.sleepers.filter { $0.until <= state.now }.sorted { $0.until < $1.until }
            state.sleepers.removeAll { $0.until <= state.now }
            return due
        }
        for sleeper in due { sleeper.continuation.resume() }
    }

    public func sleep(until time: Date) async throws {
        try Task.checkCancellation()
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                enum Outcome { case waits, due, cancelled }
                let outcome: Outcome = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .cancelled }
                    if time <= state.now { return .due }
                    state.sleepers.append(Sleeper(id: id, until: time, continuation: continuation))
                    return .waits
                }
                switch outcome {
                case .waits: break
                case .due: continuation.resume()
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let index = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: index)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }
}
