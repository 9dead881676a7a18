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
        let jobs = try await store.heavyJobs(where: "member = \(member) AND chat = \(chat)")
        return cancel(jobs.map(\.row), by: JobStore.stopping(jobs, at: time.now))
    }

    public func cancel(reference: String) async throws -> CancelledWork {
        guard let row = TurnReference.row(of: reference),
            try await !store.heavyJobs(where: "id = \(row)").isEmpty
        else { return CancelledWork(count: 0, writes: []) }
        return cancel([row], by: [JobStore.cancelling(row, at: time.now)])
    }

    private func cancel(_ rows: [Int64], by writes: [SQL]) -> CancelledWork {
        // Should the statements not be stored, what was ended begins again when its lease is over.
        running.stop(rows)
        return CancelledWork(count: rows.count, writes: writes)
    }
}
