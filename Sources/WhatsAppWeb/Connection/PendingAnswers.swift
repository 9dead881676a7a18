import Synchronization
import WhatsAppWire

/// Who waits for which answer of the server.
///
/// A lock and not a part of the actor, so that a cancelled wait can end from any thread at once.
final class PendingAnswers: Sendable {
    /// What the server answers to.
    enum Subject: Hashable, Sendable {
        case request(String)
        case message(String)
        /// Another device's answer to the wish for a file, by the message's id.
        case media(String)
    }
    private struct Waiter {
        let continuation: CheckedContinuation<Node, any Error>
        let deadline: ContinuousClock.Instant
    }
    private struct State {
        var waiters: [Subject: Waiter] = [:]
        /// Waits that were cancelled before they began.
        var cancelled: Set<Subject> = []
        var isOpen = false
    }
    private let state = Mutex(State())

    /// From now on there is somebody to answer.
    func open() { state.withLock { $0.isOpen = true } }

    /// Ends all waits, and all that come until it is opened again.
    func close() {
        let waiters = state.withLock { state in
            defer { state.waiters = [:] }
            state.isOpen = false
            return state.waiters.values
        }
        for waiter in waiters {
            waiter.continuation.resume(throwing: WebError(.disconnected, "the connection ended before the answer came"))
        }
    }

    /// Sends by `send` once the answer can be taken, and waits for it.
    func answer(
        to subject: Subject, until deadline: ContinuousClock.Instant, send: () throws -> Void
    ) async throws -> Node {
        // A wait that ended by itself in the moment it was cancelled leaves a mark that nobody asks for.
        defer { state.withLock { _ = $0.cancelled.remove(subject) } }
        return try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let refusal: (any Error)? = state.withLock { state in
                    if state.cancelled.remove(subject) != nil { return CancellationError() }
                    guard state.isOpen else { return WebError(.disconnected, "there is no connection now") }
                    guard state.waiters[subject] == nil else {
                        return WebError(.invalid, "the same id is already on its way")
                    }
                    state.waiters[subject] = Waiter(continuation: continuation, deadline: deadline)
                    return nil
                }
                if let refusal { return continuation.resume(throwing: refusal) }
                do { try send() } catch { end(subject, throwing: error) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                let waiter = state.waiters.removeValue(forKey: subject)
                if waiter == nil { state.cancelled.insert(subject) }
                return waiter
            }
            waiter?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Hands an answer to whoever waits for it.
    /// - Returns: whether somebody did.
    @discardableResult
    func resolve(_ subject: Subject, with node: Node) -> Bool {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: subject) }
        waiter?.continuation.resume(returning: node)
        return waiter != nil
    }

    /// Ends the waits that have lasted too long.
    func expire(at now: ContinuousClock.Instant) {
        let late = state.withLock { state in
            let late = state.waiters.filter { $0.value.deadline <= now }
            for subject in late.keys { state.waiters[subject] = nil }
            return late.values
        }
        for waiter in late {
            waiter.continuation.resume(throwing: WebError(.timedOut, "the server did not answer in time"))
        }
    }

    private func end(_ subject: Subject, throwing error: any Error) {
        let waiter = state.withLock { $0.waiters.removeValue(forKey: subject) }
        waiter?.continuation.resume(throwing: error)
    }
}
