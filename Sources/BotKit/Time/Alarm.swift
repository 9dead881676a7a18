import Dispatch
import Foundation
import Synchronization

/// One wait on the machine's clock, of which nothing is left when it is cancelled.
///
/// `Task.sleep` keeps a task and a timer, more than a kilobyte, until the time that a cancelled sleeper wanted to wait
/// for. Most waits here are cancelled: each answer brings some that would say, after twenty seconds, that it takes
/// long.
final class Alarm: Sendable {
    private enum State {
        case unset
        case set(CheckedContinuation<Void, any Error>, any DispatchSourceTimer)
        case over
    }
    private let state = Mutex(State.unset)

    /// Waits `seconds` long. To be called once.
    /// - Throws: `CancellationError` at once when the task is cancelled.
    func wait(_ seconds: TimeInterval) async throws {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { waiter in
                let isSet = state.withLock { state in
                    guard case .unset = state else { return false }
                    let timer = DispatchSource.makeTimerSource(queue: .global())
                    timer.schedule(deadline: .now() + seconds)
                    timer.setEventHandler { self.end(.success(())) }
                    state = .set(waiter, timer)
                    timer.activate()
                    return true
                }
                // The task was cancelled before it came here.
                if !isSet { waiter.resume(throwing: CancellationError()) }
            }
        } onCancel: {
            end(.failure(CancellationError()))
        }
    }

    private func end(_ result: Result<Void, any Error>) {
        let waiter = state.withLock { state -> CheckedContinuation<Void, any Error>? in
            defer { state = .over }
            guard case .set(let waiter, let timer) = state else { return nil }
            timer.cancel()
            return waiter
        }
        waiter?.resume(with: result)
    }
}
