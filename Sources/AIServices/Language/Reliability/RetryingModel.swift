import BotKit
import Foundation
import Logging

/// One endpoint with its keys: waits, changes keys and tries again, by the vendor's rule.
struct RetryingModel: Sendable {
    /// How long a key rests that was refused or has no credit. A lone key never rests for that: there is nothing to
    /// change to, and the operator may have mended it.
    static let restOfRefusedKey = Duration.seconds(300)

    let call: ModelCall
    /// Its own among the endpoints, from 0.
    let place: Int
    let keys: KeyPool
    let rule: RetryRule
    let time: any TimeSource
    let logger: Logger
    let reports: (any ModelReports)?

    /// - Parameter reserve: how much of the time belongs to the endpoints behind this one, after a failure that took
    ///   long. One that came at once is repeated for as long as there is time at all.
    /// - Throws: `CallFailure`; `CancellationError` at once when the task is cancelled.
    func reply(
        to request: ModelRequest, before deadline: Date, leaving reserve: Duration = .zero
    ) async throws -> ModelReply {
        var call = call
        if let model = request.model { call = call.asking(model, at: time.now) }
        var retries = 0
        var changes = 0
        while true {
            let key = try await freeKey(before: deadline)
            let failure: CallFailure
            do {
                let rest = Duration.seconds(max(deadline.timeIntervalSince(time.now), 0))
                let reply = try await call.reply(to: request, key: key.secret, within: rest)
                reports?.answered(at: place(of: key))
                return reply
            } catch let caught as CallFailure {
                failure = caught
            }
            // A model that was chosen in a chat is no affair of the operator's.
            if let fault = failure.error as? ModelFault, request.model == nil || fault.code != ModelFault.noSuchModel {
                reports?.refused(fault, at: place(of: key))
            }
            logger.info("An attempt at a model failed", metadata: ["reason": "\(failure.word)", "retry": "\(retries)"])
            let wait = failure.next == .again ? rule.wait(before: retries, asked: failure.retryAfter) : nil
            if canChange(key, after: failure, wait: wait), changes < keys.count - 1 {
                changes += 1
                continue
            }
            let end = failure.isSlow ? deadline.adding(.zero - reserve) : deadline
            guard let wait, retries < rule.retries, time.now.adding(wait) < end else { throw failure }
            retries += 1
            try await time.sleep(for: wait)
        }
    }

    private func place(of key: KeyPool.Key) -> ModelPlace {
        ModelPlace(endpoint: place, host: call.endpoint.host, key: key.place, of: keys.count)
    }

    /// Lets the key rest when the failure is its own.
    /// - Returns: whether another key is ready.
    private func canChange(_ key: KeyPool.Key, after failure: CallFailure, wait: Duration?) -> Bool {
        let now = time.now
        let rest: Duration
        if failure.isRateLimit {
            rest = failure.retryAfter ?? wait ?? rule.longest
        } else if failure.next == .otherKey, keys.count > 1 {
            rest = Self.restOfRefusedKey
            logger.warning(
                "A model key is refused and rests",
                metadata: ["key": "\(key.place + 1) of \(keys.count)", "reason": "\(failure.word)"])
        } else {
            return false
        }
        return keys.rest(key, until: now.adding(rest), because: failure, at: now)
    }

    private func freeKey(before deadline: Date) async throws -> KeyPool.Key {
        while true {
            switch keys.take(at: time.now) {
            case .key(let key): return key
            case .none(let until, let failure):
                let wait = until.timeIntervalSince(time.now)
                guard failure.isRateLimit, .seconds(wait) <= RetryRule.longestAsked, until < deadline else {
                    throw failure
                }
                try await time.sleep(until: until)
            }
        }
    }
}
