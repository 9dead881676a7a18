import BotKit
import Synchronization

/// A queue with the work that a test puts in.
final class ListedWork: WorkQueue {
    private let state = Mutex(WorkInQueue(pieces: [], running: 0, waiting: 0, members: 0))

    func set(_ work: WorkInQueue) { state.withLock { $0 = work } }

    func work(limit: Int) async throws -> WorkInQueue {
        state.withLock { work in
            var shown = work
            shown.pieces = Array(work.pieces.prefix(limit))
            return shown
        }
    }

    func cancel(of member: MemberID, in chat: ChatID) async throws -> CancelledWork {
        let count = state.withLock(\.waiting)
        return CancelledWork(count: count, writes: count == 0 ? [] : ["SELECT 1"])
    }

    func cancel(reference: String) async throws -> CancelledWork {
        let count = state.withLock { $0.pieces.count { $0.reference == reference.uppercased() } }
        return CancelledWork(count: count, writes: count == 0 ? [] : ["SELECT 1"])
    }
}
