import Synchronization

/// A door that those who come wait at while it is shut, so that a test decides when something goes on.
public final class Door: Sendable {
    private struct Waiter {
        let id: UInt64
        let continuation: CheckedContinuation<Void, any Error>
    }
    private struct State {
        var isShut = false
        var nextID: UInt64 = 0
        var waiters: [Waiter] = []
        var cancelled: Set<UInt64> = []
    }
    private let state = Mutex(State())

    /// Makes a door that stands open.
    public init() {}

    /// How many wait.
    public var waiting: Int { state.withLock { $0.waiters.count } }

    /// Lets nobody through from now on.
    public func shut() { state.withLock { $0.isShut = true } }

    /// Lets all through who wait, and who come.
    public func open() {
        let waiters = state.withLock { state in
            state.isShut = false
            defer { state.waiters = [] }
            return state.waiters
        }
        for waiter in waiters { waiter.continuation.resume() }
    }

    /// Lets the one through who has waited longest; the door stays shut.
    public func letOneThrough() {
        let first = state.withLock { $0.waiters.isEmpty ? nil : $0.waiters.removeFirst() }
        first?.continuation.resume()
    }

    /// Goes through, or waits until that is possible.
    /// - Throws: `CancellationError` when the task is cancelled.
    public func pass() async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil || Task.isCancelled { return .failure(CancellationError()) }
                    if !state.isShut { return .success(()) }
                    state.waiters.append(Waiter(id: id, continuation: continuation))
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let waiter = state.withLock { state -> Waiter? in
                guard let index = state.waiters.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.waiters.remove(at: index)
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }
}
