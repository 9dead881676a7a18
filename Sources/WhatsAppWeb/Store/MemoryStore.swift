import Synchronization

/// A store that forgets everything when the process ends; for tests, and for clients that link anew each time.
public final class MemoryStore: WebStore {
    private struct State {
        var entries: [StoreKind: [String: [UInt8]]] = [:]
    }
    private let state = Mutex(State())
    private let onEvents: @Sendable ([WebEvent]) -> Void

    /// - Parameter onEvents: called with the events of each commit, after it.
    public init(onEvents: @escaping @Sendable ([WebEvent]) -> Void = { _ in }) { self.onEvents = onEvents }

    public func load(_ keys: [StoreKey]) -> [StoreKey: [UInt8]] {
        state.withLock { state in
            keys.reduce(into: [:]) { found, key in found[key] = state.entries[key.kind]?[key.name] }
        }
    }

    public func list(_ kind: StoreKind, after name: String?, limit: Int) -> [StoreEntry] {
        let entries = state.withLock { $0.entries[kind] ?? [:] }
        return entries.filter { entry in name.map { entry.key > $0 } ?? true }
            .sorted { $0.key < $1.key }
            .prefix(limit)
            .map { StoreEntry(name: $0.key, value: $0.value) }
    }

    public func commit(_ changes: [StoreChange], events: [WebEvent]) {
        state.withLock { state in
            for change in changes {
                switch change {
                case .put(let key, let value): state.entries[key.kind, default: [:]][key.name] = value
                case .delete(let key): state.entries[key.kind]?[key.name] = nil
                case .deleteAll(let kind, let prefix):
                    state.entries[kind] = state.entries[kind]?.filter { !$0.key.hasPrefix(prefix) }
                }
            }
        }
        if !events.isEmpty { onEvents(events) }
    }
}
