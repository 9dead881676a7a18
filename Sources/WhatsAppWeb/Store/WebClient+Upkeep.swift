import Foundation

/// When what is kept only for a while was looked through last.
struct Upkeep {
    /// How many sent messages are kept; most that are asked for again are a few seconds old.
    static let sentMessageLimit = 10_000
    /// After so many more they are looked through, at the latest.
    static let sentMessageStep = 1_000
    /// How often it is done, otherwise.
    static let interval: TimeInterval = 3600

    private var doneAt: Date?
    private var sentSince = 0
    private var retryPrekeys = 0

    /// Notes that a message was stored.
    /// - Returns: whether it is time to look.
    mutating func sent() -> Bool {
        sentSince += 1
        return sentSince.isMultiple(of: Self.sentMessageStep)
    }

    /// Notes that a prekey was given to a sender.
    /// - Returns: whether it is time to look through them.
    mutating func madeRetryPrekey() -> Bool {
        retryPrekeys += 1
        return retryPrekeys.isMultiple(of: RetryPrekey.step)
    }

    /// Whether it is time to look; then it is noted as done.
    mutating func begins(at now: Date) -> Bool {
        if let doneAt, abs(now.timeIntervalSince(doneAt)) < Self.interval, sentSince < Self.sentMessageStep {
            return false
        }
        doneAt = now
        sentSince = 0
        return true
    }
}

extension WebClient {
    /// What has to be done now and then while the connection stands.
    func keepUp() async throws {
        try await ensureSignedPrekey()
        guard upkeep.begins(at: time.now()) else { return }
        try await pruneSentMessages()
        try await pruneRetryPrekeys()
        try await prunePrivacyTokens()
    }

    /// Forgets sent messages that nobody will ask for any more, and the oldest above a limit.
    func pruneSentMessages(limit: Int = Upkeep.sentMessageLimit) async throws {
        try await prune(.sentMessage, limit: limit, lifetime: SentMessage.lifetime) { bytes in
            SentMessage.sentAt(in: bytes).map { .madeAt($0) } ?? .worthless
        }
    }

    /// What an entry says of how long it is kept.
    enum Keeping {
        /// For a while after this time, in seconds since 1970.
        case madeAt(Int64)
        case lasting
        case worthless
    }

    /// Forgets the entries of a kind that are older than `lifetime`, in seconds, and the oldest above a limit.
    func prune(
        _ kind: StoreKind, limit: Int = .max, lifetime: Int64, _ keeping: ([UInt8]) -> Keeping
    ) async throws {
        let oldest = Int64(serverNow.timeIntervalSince1970) - lifetime
        var kept: [(name: String, madeAt: Int64)] = []
        var last: String?
        repeat {
            let page = try await store.list(kind, after: last, limit: 200)
            last = page.count < 200 ? nil : page.last?.name
            var expired: [StoreChange] = []
            for entry in page {
                switch keeping(entry.value) {
                case .lasting: break
                case .madeAt(let time) where time >= oldest: kept.append((entry.name, time))
                case .madeAt, .worthless: expired.append(.delete(StoreKey(kind, entry.name)))
                }
            }
            if !expired.isEmpty { try await store.commit(expired, events: []) }
        } while last != nil
        guard kept.count > limit else { return }
        let surplus = kept.sorted { $0.madeAt < $1.madeAt }.prefix(kept.count - limit)
        for start in stride(from: 0, to: surplus.count, by: 500) {
            try await store.commit(
                surplus[start..<min(start + 500, surplus.count)].map { .delete(StoreKey(kind, $0.name)) },
                events: [])
        }
    }
}

extension SentMessage {
    /// The time of a stored message, without reading the rest; nil when it is damaged.
    static func sentAt(in bytes: [UInt8]) -> Int64? {
        guard bytes.count >= 10, bytes[0] == version else { return nil }
        return bytes[1...8].reduce(0) { $0 << 8 | Int64($1) }
    }
}
