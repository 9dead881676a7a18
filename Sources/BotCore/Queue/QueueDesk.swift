public import BotKit

/// Shows the queue of heavy work, and takes work out of it.
public struct QueueDesk: WorkQueue {
    private let store: JobStore
    private let running: RunningJobs
    private let time: any TimeSource

    /// - Parameter running: what this process does now.
    public init(database: any Database, running: RunningJobs, time: any TimeSource) {
        // It claims nothing, so nothing is leased in its name.
        store = JobStore(database: database, owner: "")
        self.running = running
        self.time = time
    }

    public func work(limit: Int) async throws -> WorkInQueue { try await store.heavyWork(limit: limit) }

    public func cancel(of member: MemberID, in chat: ChatID) async throws -> CancelledWork {
        cancel(try await store.heavyRows(where: "member = \(member) AND chat = \(chat)"))
    }

    public func cancel(reference: String) async throws -> CancelledWork {
        guard let row = TurnReference.row(of: reference) else { return CancelledWork(count: 0, writes: []) }
        return cancel(try await store.heavyRows(where: "id = \(row)"))
    }

    private func cancel(_ rows: [Int64]) -> CancelledWork {
        // Should the statements not be stored, what was ended begins again when its lease is over.
        running.stop(rows)
        return CancelledWork(count: rows.count, writes: store.cancellation(of: rows, at: time.now))
    }
}
