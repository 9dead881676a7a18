import BotKit
import Foundation
import Synchronization

/// Wakes one waiter. A signal that is raised while nobody waits is kept for the next.
final class Signal: Sendable {
    private struct State {
        var isRaised = false
        var isClosed = false
        var waiter: CheckedContinuation<Void, Never>?
    }
    private let state = Mutex(State())

    /// Whether no further work shall begin.
    var isClosed: Bool { state.withLock { $0.isClosed } }

    func raise() {
        state.withLock { state in
            let waiter = state.waiter
            state.waiter = nil
            state.isRaised = waiter == nil
            return waiter
        }?.resume()
    }

    /// Raises it for good.
    func close() {
        state.withLock { $0.isClosed = true }
        raise()
    }

    /// Waits until it is raised, `date` comes, or the task is cancelled.
    func wait(until date: Date?, time: any TimeSource) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await self.wait() }
            if let date { group.addTask { try? await time.sleep(until: date) } }
            await group.next()
            group.cancelAll()
        }
    }

    private func wait() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isReady = state.withLock { state in
                    let isReady = state.isRaised || state.isClosed || Task.isCancelled
                    state.isRaised = false
                    if !isReady { state.waiter = continuation }
                    return isReady
                }
                if isReady { continuation.resume() }
            }
        } onCancel: {
            state.withLock { state in
                let waiter = state.waiter
                state.waiter = nil
                return waiter
            }?.resume()
        }
    }
}
