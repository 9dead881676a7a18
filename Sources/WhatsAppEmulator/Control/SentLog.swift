/// What bots sent: exact counts, and the newest bodies within the configured bounds.
struct SentLog {
    /// Counts of one kind of key, bounded so that no key can fill the memory.
    struct Tally {
        private static let capacity = 1_000_000
        private(set) var counts: [String: Int] = [:]
        /// Sends whose key found no room.
        private(set) var uncounted = 0

        mutating func add(_ key: String) {
            if let count = counts[key] {
                counts[key] = count + 1
            } else if counts.count < Self.capacity {
                counts[key] = 1
            } else {
                uncounted += 1
            }
        }
    }

    /// Someone who waits for messages.
    private struct Waiter {
        let filter: SentFilter
        var missing: Int
        let signal: AsyncStream<Void>.Continuation
    }

    private let isLean: Bool
    private var ring: Ring<SentMessage>
    private var waiters: [Int: Waiter] = [:]
    private var nextWaiter = 0
    private(set) var sequence = 0
    private(set) var outcomes: [SentMessage.Outcome: Int] = [:]
    private(set) var kinds = Tally()
    private(set) var users = Tally()
    private(set) var callbacks = Tally()

    init(_ configuration: GraphEmulator.Configuration) {
        isLean = configuration.isLean
        ring = Ring(
            capacity: configuration.isLean ? 0 : configuration.logCapacity,
            capacityBytes: configuration.logCapacityBytes, size: { $0.body.utf8.count + 256 })
    }

    /// Whether bodies are wanted at all.
    var keepsBodies: Bool { !isLean }

    mutating func append(_ message: SentMessage) {
        sequence += 1
        outcomes[message.outcome, default: 0] += 1
        if message.outcome == .accepted {
            kinds.add(message.kind)
            if let user = message.user { users.add(user) }
            if let data = message.callbackData { callbacks.add(data) }
        }
        guard !isLean || !waiters.isEmpty else { return }
        var message = message
        message.sequence = sequence
        if !isLean { ring.append(message) }
        tell(message)
    }

    private mutating func tell(_ message: SentMessage) {
        for (id, waiter) in waiters where waiter.filter.matches(message) {
            waiters[id]?.missing -= 1
            if waiter.missing <= 1 {
                waiter.signal.finish()
                waiters[id] = nil
            }
        }
    }

    /// The kept messages that `filter` means, oldest first, at most the newest `limit`.
    func messages(_ filter: SentFilter, limit: Int = .max) -> [SentMessage] {
        let all = ring.all.filter(filter.matches)
        return limit < all.count ? Array(all.suffix(limit)) : all
    }

    /// How many messages `filter` meant so far; exact without `since` for no key or for one key, else among those kept.
    func count(_ filter: SentFilter) -> Int {
        guard filter.since == 0, filter.outcomes == [.accepted], filter.phoneNumberID == nil else {
            return messages(filter).count
        }
        switch (filter.user, filter.kind, filter.callbackData) {
        case (nil, nil, nil): return outcomes[.accepted] ?? 0
        case (let user?, nil, nil): return max(users.counts[user] ?? 0, messages(filter).count)
        case (nil, let kind?, nil): return kinds.counts[kind] ?? 0
        case (nil, nil, let data?): return callbacks.counts[data] ?? 0
        default: return messages(filter).count
        }
    }

    /// Finishes `signal` once `count` messages are there.
    /// - Returns: the number to give to `removeWaiter`, or `nil` when they are there already.
    mutating func addWaiter(count: Int, _ filter: SentFilter, _ signal: AsyncStream<Void>.Continuation) -> Int? {
        let missing = count - self.count(filter)
        guard missing > 0 else {
            signal.finish()
            return nil
        }
        nextWaiter += 1
        waiters[nextWaiter] = Waiter(filter: filter, missing: missing, signal: signal)
        return nextWaiter
    }

    mutating func removeWaiter(_ id: Int) { waiters[id] = nil }

    /// Forgets messages and counts; the sequence goes on, so that `since` keeps its meaning.
    mutating func clear() {
        ring.removeAll()
        outcomes = [:]
        (kinds, users, callbacks) = (Tally(), Tally(), Tally())
    }

    /// The counts in the shape of the control API.
    var json: EmulatorJSON {
        func object(_ tally: Tally) -> EmulatorJSON {
            .object(tally.counts.sorted { $0.key < $1.key }.map { EmulatorJSON.Member($0.key, .integer($0.value)) })
        }
        let outcomes = SentMessage.Outcome.allCases.map {
            EmulatorJSON.Member($0.rawValue, .integer(self.outcomes[$0] ?? 0))
        }
        let repeats = callbacks.counts.values.count { $0 > 1 }
        return .object(
            outcomes + [
                EmulatorJSON.Member("sequence", .integer(sequence)), EmulatorJSON.Member("kept", .integer(ring.count)),
                EmulatorJSON.Member("kinds", object(kinds)), EmulatorJSON.Member("users", .integer(users.counts.count)),
                EmulatorJSON.Member("callbacks", .integer(callbacks.counts.count)),
                EmulatorJSON.Member("callbacks_repeated", .integer(repeats)),
                EmulatorJSON.Member("uncounted", .integer(users.uncounted + callbacks.uncounted)),
            ])
    }

    /// All keys of one kind with their counts, in the shape of the control API; `nil` for an unknown kind.
    func tally(_ name: String) -> EmulatorJSON? {
        let tally: [String: Tally] = ["users": users, "callbacks": callbacks, "kinds": kinds]
        return tally[name].map {
            .object($0.counts.sorted { $0.key < $1.key }.map { EmulatorJSON.Member($0.key, .integer($0.value)) })
        }
    }
}
