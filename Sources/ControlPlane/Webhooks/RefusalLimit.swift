import BotKit
import Foundation
import Synchronization

/// Token buckets for requests that had to be refused, one for each address, so that a flood of them costs little.
final class RefusalLimit: Sendable {
    private struct Bucket {
        var tokens: Double
        var at: Date
    }
    private struct State {
        var buckets: [String: Bucket] = [:]
        var prunedAt: Date = .distantPast
    }

    /// All addresses for which there is no room share this one.
    private static let crowd = ""
    private static let maximumAddresses = 4096
    private let perSecond: Double
    private let burst: Double
    private let time: any TimeSource
    private let state = Mutex(State())
    /// Nobody was refused yet: the usual case costs one load.
    private let isUsed = Atomic(false)

    /// - Parameter perMinute: how many refusals one address may have in the long run, a third of it at once; 0 is no
    ///   limit.
    init(perMinute: Int, time: any TimeSource) {
        perSecond = Double(perMinute) / 60
        burst = max(1, Double(perMinute) / 3)
        self.time = time
    }

    /// Whether any address was ever refused.
    var hasRefused: Bool { isUsed.load(ordering: .relaxed) }

    /// Whether `address` has used up its refusals.
    func isExhausted(_ address: String) -> Bool {
        guard perSecond > 0, hasRefused else { return false }
        let now = time.now
        return state.withLock { state in
            guard let bucket = state.buckets[address] else { return false }
            return tokens(in: bucket, at: now) < 1
        }
    }

    /// Takes note of a refusal.
    /// - Returns: whether `address` had none left.
    func note(_ address: String) -> Bool {
        guard perSecond > 0 else { return false }
        isUsed.store(true, ordering: .relaxed)
        let now = time.now
        return state.withLock { state in
            var key = address
            if state.buckets[key] == nil, state.buckets.count >= Self.maximumAddresses {
                prune(&state, at: now)
                if state.buckets.count >= Self.maximumAddresses { key = Self.crowd }
            }
            let left = state.buckets[key].map { tokens(in: $0, at: now) } ?? burst
            state.buckets[key] = Bucket(tokens: max(0, left - 1), at: now)
            return left < 1
        }
    }

    private func tokens(in bucket: Bucket, at now: Date) -> Double {
        min(burst, bucket.tokens + max(0, now.timeIntervalSince(bucket.at)) * perSecond)
    }

    /// Forgets the addresses whose buckets are full again, at most once a second.
    private func prune(_ state: inout State, at now: Date) {
        guard now.timeIntervalSince(state.prunedAt) >= 1 else { return }
        state.prunedAt = now
        state.buckets = state.buckets.filter { tokens(in: $0.value, at: now) < burst }
    }
}
