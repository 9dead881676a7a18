import BotKit
import NIOCore
import Synchronization

/// Ends an exchange with a server that takes too long as a whole or falls silent.
///
/// It runs on the machine's monotonic clock, not on `TimeSource`: a connection is as real as its time, and a clock that
/// a script moves must not cut it.
struct Watchdog: Sendable {
    enum Expiry: Error, Equatable { case total, silence }

    let total: Duration
    let silence: Duration
    let loop: any EventLoop

    /// Runs `work`, which reports each sign of life to its `Pulse`.
    /// - Throws: what `work` throws; `Expiry` when a limit was reached first.
    func run<Value: Sendable>(_ work: @escaping @Sendable (Pulse) async throws -> Value) async throws -> Value {
        let pulse = Pulse(total: total, silence: silence)
        let loop = loop
        return try await withThrowingTaskGroup(of: Outcome<Value>.self) { group in
            group.addTask { .finished(try await work(pulse)) }
            group.addTask { .expired(try await pulse.expiry(on: loop)) }
            defer { group.cancelAll() }
            switch try await group.next() {
            case .finished(let value): return value
            case .expired(let expiry):
                group.cancelAll()
                // Work that was only waiting for the connection to close has its value and hands it out.
                if case .finished(let value) = try? await group.next() { return value }
                try Task.checkCancellation()
                throw expiry
            case nil: throw CancellationError()
            }
        }
    }

    private enum Outcome<Value: Sendable>: Sendable { case finished(Value), expired(Expiry) }
}

/// The signs of life of one exchange.
final class Pulse: Sendable {
    private struct State {
        var end: NIODeadline
        var silentAt: NIODeadline
        var wait: Scheduled<Void>?
    }
    private let silence: TimeAmount
    private let state: Mutex<State>

    init(total: Duration, silence: Duration) {
        self.silence = TimeAmount(silence)
        let now = NIODeadline.now()
        state = Mutex(State(end: now + TimeAmount(total), silentAt: now + TimeAmount(silence), wait: nil))
    }

    /// Something came in.
    func beat() {
        let next = NIODeadline.now() + silence
        state.withLock { $0.silentAt = next }
    }

    /// The answer is whole; only `rest` more is granted for the connection to end by itself, so that it can be kept.
    func finish(within rest: Duration) {
        let end = NIODeadline.now() + TimeAmount(rest)
        let wait = state.withLock { state in
            state.end = min(state.end, end)
            return state.wait
        }
        wait?.cancel()
    }

    /// Waits until a limit is reached.
    fileprivate func expiry(on loop: any EventLoop) async throws -> Watchdog.Expiry {
        while true {
            try Task.checkCancellation()
            let (deadline, reason, wait) = state.withLock { state in
                let deadline = min(state.end, state.silentAt)
                let wait: Scheduled<Void> = loop.scheduleTask(deadline: deadline) {}
                state.wait = wait
                return (deadline, state.end <= state.silentAt ? Watchdog.Expiry.total : .silence, wait)
            }
            // A cancelled wait only means that the limits have changed or that the work is done.
            _ = try? await withTaskCancellationHandler {
                try await wait.futureResult.get()
            } onCancel: {
                wait.cancel()
            }
            let isOver = state.withLock { min($0.end, $0.silentAt) <= NIODeadline.now() }
            if isOver, deadline <= NIODeadline.now() { return reason }
        }
    }
}

extension TimeAmount {
    init(_ duration: Duration) {
        let parts = duration.components
        self = .nanoseconds(parts.seconds * 1_000_000_000 + parts.attoseconds / 1_000_000_000)
    }
}
