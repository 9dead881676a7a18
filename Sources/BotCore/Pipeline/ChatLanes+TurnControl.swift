import Synchronization

/// Lets a member end the answer that is being made, without touching what follows it on the line.
final class TurnControl: Sendable {
    private struct State {
        var isStopped = false
        var isFinished = false
        var cancel: (@Sendable () -> Void)?
    }
    private let state = Mutex(State())

    /// Whether a member ended it.
    var isStopped: Bool { state.withLock { $0.isStopped } }

    /// Ends the answer.
    /// - Returns: whether there was one to end.
    func stop() -> Bool {
        let (hadAnswer, cancel) = state.withLock { state in
            if state.isFinished { return (false, nil as (@Sendable () -> Void)?) }
            state.isStopped = true
            return (true, state.cancel)
        }
        cancel?()
        return hadAnswer
    }

    /// Makes the answer, in a task of its own that `stop` cancels and the caller's cancellation too.
    func run<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        if isStopped { throw CancellationError() }
        let task = Task { try await body() }
        let isStopped = state.withLock { state in
            state.cancel = { task.cancel() }
            return state.isStopped
        }
        if isStopped { task.cancel() }
        defer { state.withLock { $0.isFinished = true } }
        return try await withTaskCancellationHandler {
            try await task.value
        } onCancel: {
            task.cancel()
        }
    }
}
