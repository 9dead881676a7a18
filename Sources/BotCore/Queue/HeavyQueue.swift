import BotKit

/// Lets heavy work into the queue, as much as it may hold.
actor HeavyQueue {
    private let store: JobStore
    private let settings: QueueSettings
    /// The turns that were let in and whose jobs may not be stored yet.
    private var entering: Set<Int64> = []

    init(store: JobStore, settings: QueueSettings) {
        self.store = store
        self.settings = settings
    }

    /// Lets the work of a turn in; `settle` follows when it is stored, or will not be.
    /// - Returns: how many pieces go first.
    /// - Throws: `Refusal` when the queue is full; `DatabaseError`.
    func enter(_ turn: Int64, of member: MemberID) async throws -> Int {
        entering.insert(turn)
        let others = entering
        do {
            let line = try await store.line(for: member, besides: others)
            guard settings.maxDepth == .max || line.running + line.waiting + others.count <= settings.maxDepth else {
                throw Refusal(ErrorCode.queueFull.words, reason: ErrorCode.queueFull.label)
            }
            let ahead = line.ahead + others.count - 1
            // While there is room, nobody is waited for.
            return line.running + ahead < settings.concurrency ? 0 : line.running + ahead
        } catch {
            entering.remove(turn)
            throw error
        }
    }

    /// What was let in is stored, or will not be.
    func settle(_ turn: Int64) { entering.remove(turn) }
}
