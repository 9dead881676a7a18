import Synchronization
import WhatsAppWire

/// Who waits for which answer of the server.
///
/// A lock and not a part of the actor, so that a cancelled wait can end from any thread at once. It sends nothing
/// itself: what is sent uses up counters of a cipher, and must not leave the actor for that.
final class PendingAnswers: Sendable {
    /// What the server answers to.
    enum Subject: Hashable, Sendable {
        case request(String)
        case message(String)
        /// Another device's answer to the wish for a file, by the message's id.
        case media(String)
    }
    private struct Wait {
        let number: Int
        let deadline: ContinuousClock.Instant
        /// Whoever waits, once they do.
        var continuation: CheckedContinuation<Node, any Error>?
        /// What came before anybody waited.
        var result: Result<Node, any Error>?
    }
    private struct State {
        var waits: [Subject: Wait] = [:]
        var isOpen = false
        var count = 0

        /// Those that `fits`, in the order of asking.
        func subjects(where fits: (Wait) -> Bool = { _ in true }) -> [Subject] {
            waits.filter { fits($0.value) }.sorted { $0.value.number < $1.value.number }.map(\.key)
        }
    }
    private let state = Mutex(State())

    /// From now on there is somebody to answer.
    func open() { state.withLock { $0.isOpen = true } }

    /// Ends all waits, and all that come until it is opened again.
    func close() {
        let subjects = state.withLock { state in
            state.isOpen = false
            return state.subjects()
        }
        for subject in subjects {
            end(subject, .failure(WebError(.disconnected, "the connection ended before the answer came")))
        }
    }

    /// Takes the answer to `subject` from now on; to be called before the question is sent.
    ///
    /// `answer(to:)` or `abandon` must follow.
    func expect(_ subject: Subject, until deadline: ContinuousClock.Instant) throws {
        try state.withLock { state in
            guard state.isOpen else { throw WebError(.disconnected, "there is no connection now") }
            guard state.waits[subject] == nil else {
                throw WebError(.invalid, "the same id is already on its way")
            }
            state.count += 1
            state.waits[subject] = Wait(number: state.count, deadline: deadline)
        }
    }

    /// Nobody will wait: the question could not be sent.
    func abandon(_ subject: Subject) { state.withLock { $0.waits[subject] = nil } }

    /// Waits for the answer that was expected.
    func answer(to subject: Subject) async throws -> Node {
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Node, any Error>? = state.withLock { state in
                    guard let wait = state.waits[subject], wait.continuation == nil else {
                        return .failure(WebError(.invalid, "an answer is awaited that was not expected"))
                    }
                    if let result = wait.result {
                        state.waits[subject] = nil
                        return result
                    }
                    state.waits[subject]?.continuation = continuation
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            end(subject, .failure(CancellationError()))
        }
    }

    /// Hands an answer to whoever waits for it.
    /// - Returns: whether somebody did.
    @discardableResult
    func resolve(_ subject: Subject, with node: Node) -> Bool { end(subject, .success(node)) }

    /// Ends the waits that have lasted too long.
    func expire(at now: ContinuousClock.Instant) {
        let late = state.withLock { state in state.subjects { $0.deadline <= now } }
        for subject in late { end(subject, .failure(WebError(.timedOut, "the server did not answer in time"))) }
    }

    @discardableResult
    private func end(_ subject: Subject, _ result: Result<Node, any Error>) -> Bool {
        let (isExpected, continuation): (Bool, CheckedContinuation<Node, any Error>?) = state.withLock { state in
            guard let wait = state.waits[subject], wait.result == nil else { return (false, nil) }
            if wait.continuation == nil {
                state.waits[subject]?.result = result
            } else {
                state.waits[subject] = nil
            }
            return (true, wait.continuation)
        }
        continuation?.resume(with: result)
        return isExpected
    }
}
