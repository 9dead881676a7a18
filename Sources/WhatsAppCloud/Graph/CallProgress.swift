import NIOCore
import Synchronization

/// How far one HTTP exchange came: what tells a request that surely had no effect from one that may have had.
final class CallProgress: Sendable {
    private struct State {
        var isBodyOut = false
        var status: Int?
    }

    private let state = Mutex(State())

    /// The client asked for the body, which it does only once the head is written to a connection.
    func bodyWentOut() { state.withLock { $0.isBodyOut = true } }
    func received(status: Int) { state.withLock { $0.status = status } }

    var status: Int? { state.withLock { $0.status } }

    /// Whether the other side may have done what was asked, given that no readable answer came.
    ///
    /// 502 and 503 without an error of Meta's are the words of a gateway that had nobody to hand the request to: they
    /// count as "surely not", so that such a time, which may last an hour, costs no reply. 500 and 504 may stand for
    /// a request that was carried out and whose answer was lost: they stay in doubt. Source: RFC 9110, section 15.6.
    var mayHaveBeenAccepted: Bool {
        state.withLock { state in
            guard state.isBodyOut else { return false }
            guard let status = state.status else { return true }
            return !(300..<500).contains(status) && status != 502 && status != 503
        }
    }
}

/// A body that notes when it is taken.
struct NotedBody: AsyncSequence, Sendable {
    let bytes: [UInt8]
    let progress: CallProgress

    struct AsyncIterator: AsyncIteratorProtocol {
        var rest: ByteBuffer?
        let progress: CallProgress

        mutating func next() async throws -> ByteBuffer? {
            progress.bodyWentOut()
            defer { rest = nil }
            return rest
        }
    }

    func makeAsyncIterator() -> AsyncIterator { AsyncIterator(rest: ByteBuffer(bytes: bytes), progress: progress) }
}

/// Runs `work`, and ends it when `limit` has passed.
///
/// The one place of this library that waits: AsyncHTTPClient's own deadline ends with the head of an answer, and a body
/// that trickles in would hold us for ever. The timer is the event loop's, because a cancelled `Task.sleep` leaves its
/// own behind until it would have rung.
func withDeadline<Result: Sendable>(
    _ limit: Duration, on loop: any EventLoop, _ work: @escaping @Sendable () async throws -> Result
) async throws -> Result {
    try await withThrowingTaskGroup(of: Result.self) { group in
        group.addTask { try await work() }
        group.addTask {
            let alarm: Scheduled<Void> = loop.scheduleTask(in: TimeAmount(limit)) {}
            try await withTaskCancellationHandler {
                try await alarm.futureResult.get()
            } onCancel: {
                alarm.cancel()
            }
            throw DeadlinePassed()
        }
        defer { group.cancelAll() }
        guard let result = try await group.next() else { throw DeadlinePassed() }
        return result
    }
}

/// The time of a call was over.
struct DeadlinePassed: Error {}
