import Synchronization
import TestKit
import WhatsAppWeb

/// The database of one process: what is asked of it may wait, fail before or after it happened, and ends with the
/// process. What was stored is on `disk` and outlives it.
final class ChaosStore: WebStore {
    enum Fate { case happens, failsBefore, failsAfter }
    struct Failure: Error {}

    private struct Waiting {
        let write: (@Sendable () -> Void)?
        let continuation: CheckedContinuation<Fate, Never>
    }
    private struct State {
        var isAlive = true
        var random: SeededRandom
        var waiting: [Waiting] = []
    }
    private let disk: MemoryStore
    private let state: Mutex<State>

    init(_ disk: MemoryStore, random: SeededRandom) {
        self.disk = disk
        state = Mutex(State(random: random))
    }

    func load(_ keys: [StoreKey]) async throws -> [StoreKey: [UInt8]] {
        guard await fate() == .happens else { throw Failure() }
        return disk.load(keys)
    }

    func list(_ kind: StoreKind, after name: String?, limit: Int) async throws -> [StoreEntry] {
        guard await fate() == .happens else { throw Failure() }
        return disk.list(kind, after: name, limit: limit)
    }

    func commit(_ changes: [StoreChange], events: [WebEvent]) async throws {
        let disk = disk
        guard await fate({ disk.commit(changes, events: events) }) == .happens else { throw Failure() }
    }

    /// What becomes of something that is asked now: most happens at once, some has to wait.
    private func fate(_ write: (@Sendable () -> Void)? = nil) async -> Fate {
        let isAtOnce: Bool? = state.withLock { state in
            state.isAlive ? state.random.below(3) > 0 : nil
        }
        switch isAtOnce {
        case nil: return .failsBefore
        case true?:
            write?()
            return .happens
        case false?:
            return await withCheckedContinuation { continuation in
                state.withLock { $0.waiting.append(Waiting(write: write, continuation: continuation)) }
            }
        }
    }

    var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Decides what becomes of one that waits.
    func end(_ index: Int, with fate: Fate) {
        let waiting = state.withLock { $0.waiting.remove(at: index) }
        if fate != .failsBefore { waiting.write?() }
        waiting.continuation.resume(returning: fate)
    }

    /// The process is gone; what waited has happened or not.
    func die(_ random: inout SeededRandom) {
        state.withLock { $0.isAlive = false }
        while waitingCount > 0 { end(0, with: random.below(2) == 0 ? .failsBefore : .failsAfter) }
    }
}
