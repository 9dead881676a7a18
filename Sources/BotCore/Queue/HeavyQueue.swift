import BotKit

/// Lets heavy work into the queue, as much as it may hold.
actor HeavyQueue {
    private let store: JobStore
    private let settings: QueueSettings
    /// Those who were let in and whose jobs are not stored yet.
    private var entering = 0

    init(store: JobStore, settings: QueueSettings) {
        self.store = store
        self.settings = settings
    }

    /// Lets one more piece of work in; `settle` follows when it is stored, or will not be.
    /// - Returns: how many pieces go first.
    /// - Throws: `Refusal` when the queue is full; `DatabaseError`.
    func enter(for member: MemberID) async throws -> Int {
        entering += 1
        do {
            let (running, waiting, ahead) = try await store.place(of: member)
            guard settings.maxDepth == .max || running + waiting + entering <= settings.maxDepth else {
                throw Refusal(ErrorCode.queueFull.words, reason: ErrorCode.queueFull.label)
            }
            // While there is room, nobody is waited for.
            return running < settings.concurrency ? ahead : ahead + running
        } catch {
            entering -= 1
            throw error
        }
    }

    /// What was let in is stored, or will not be.
    func settle() { entering -= 1 }
}
