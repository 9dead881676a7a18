import BotKit
import GRDB
import Synchronization

/// Work that somebody waits for.
protocol AwaitedWork: Sendable {
    func fail(_ error: BotKit.DatabaseError)
}

/// Hands work to connections. Work waits only while all of them are busy, and then in order of arrival; a connection
/// that comes free takes up to `batchLimit` pieces of it at once. No thread is held while there is nothing to do.
final class ConnectionQueue<Work: AwaitedWork>: Sendable {
    private struct State {
        var waiting: ArraySlice<Work> = []
        var idle: [Int]
        var isClosed = false
        var awaitingEnd: [CheckedContinuation<Void, Never>] = []
    }

    private enum Step {
        case start(Int)
        case wait, refuse
    }

    private let connections: [DatabaseQueue]
    private let batchLimit: Int
    private let perform: @Sendable (ArraySlice<Work>, Connection) -> Void
    private let state: Mutex<State>

    /// - Parameter perform: does a batch, one at a time for each connection, and answers all who wait for it.
    init(
        _ connections: [DatabaseQueue], batchLimit: Int,
        perform: @escaping @Sendable (ArraySlice<Work>, Connection) -> Void
    ) {
        self.connections = connections
        self.batchLimit = batchLimit
        self.perform = perform
        state = Mutex(State(idle: Array(connections.indices)))
    }

    /// How much work waits for a connection.
    var waitingCount: Int { state.withLock { $0.waiting.count } }
    /// How many connections are at work.
    var busyCount: Int { state.withLock { connections.count - $0.idle.count } }

    func submit(_ work: Work) {
        let step: Step = state.withLock { state in
            guard !state.isClosed else { return .refuse }
            state.waiting.append(work)
            return state.idle.popLast().map { .start($0) } ?? .wait
        }
        switch step {
        case .wait: break
        case .refuse: work.fail(.unreachable("closed"))
        case .start(let index):
            connections[index].asyncWriteWithoutTransaction { [self] connection in
                while let batch = nextBatch(for: index) { perform(batch, connection) }
            }
        }
    }

    /// Refuses new work, finishes what waits, runs `lastly` on each connection and closes it.
    /// - Throws: what kept a connection from closing. A second call only waits for the work to end.
    func close(lastly: @escaping @Sendable (Connection) -> Void = { _ in }) async throws {
        let isFirst = state.withLock { state in
            defer { state.isClosed = true }
            return !state.isClosed
        }
        await withCheckedContinuation { continuation in
            let isDone = state.withLock { state in
                if state.idle.count == connections.count { return true }
                state.awaitingEnd.append(continuation)
                return false
            }
            if isDone { continuation.resume() }
        }
        guard isFirst else { return }
        for connection in connections {
            await withCheckedContinuation { continuation in
                connection.asyncWriteWithoutTransaction { connection in
                    lastly(connection)
                    continuation.resume()
                }
            }
            try connection.close()
        }
    }

    /// The next work for a connection; `nil` when there is none, and the connection is idle from then on.
    private func nextBatch(for index: Int) -> ArraySlice<Work>? {
        var ended: [CheckedContinuation<Void, Never>] = []
        let batch: ArraySlice<Work>? = state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.idle.append(index)
                if state.isClosed && state.idle.count == connections.count { swap(&ended, &state.awaitingEnd) }
                return nil
            }
            let batch = state.waiting.prefix(batchLimit)
            state.waiting = batch.count == state.waiting.count ? [] : state.waiting.dropFirst(batch.count)
            return batch
        }
        for continuation in ended { continuation.resume() }
        return batch
    }
}
