import BotKit
import Foundation

/// A question about one thing that the bot needs to do its work.
public struct ReadinessProbe: Sendable {
    /// The key in the answer of `/readyz`: `whatsapp`, `openai`.
    public let name: String
    /// Whether the answer of `/readyz` has the key even when all is well. Its usual keys are what others rely on.
    public let isShownWhenWell: Bool
    /// Whether the thing works now. It is cancelled at shutdown and counts as "no" when it takes too long.
    public let check: @Sendable () async -> Bool

    public init(name: String, isShownWhenWell: Bool = true, check: @escaping @Sendable () async -> Bool) {
        self.name = name
        self.isShownWhenWell = isShownWhenWell
        self.check = check
    }
}

/// Asks all probes at the same time, waits for them only so long, and keeps the answers for a moment.
///
/// A probe that hangs is not asked again before it has answered, so that probing piles nothing up.
actor Readiness {
    /// One asking of all probes.
    private struct Round {
        let number: Int
        var waitsFor: Set<String>
        var answers: [String: Bool] = [:]
        var waiters: [CheckedContinuation<[String: Bool], Never>] = []
    }

    private let probes: [ReadinessProbe]
    private let limit: Duration
    private let lifetime: Duration
    private let time: any TimeSource
    private var asked: Set<String> = []
    private var round: Round?
    private var nextNumber = 0
    private var last: (at: Date, answers: [String: Bool])?
    private var isStopped = false
    private let rounds: AsyncStream<Int>
    private let begin: AsyncStream<Int>.Continuation

    /// - Parameters:
    ///   - limit: how long one probe may take.
    ///   - lifetime: how long an answer holds.
    init(probes: [ReadinessProbe], limit: Duration, lifetime: Duration, time: any TimeSource) {
        self.probes = probes
        self.limit = limit
        self.lifetime = lifetime
        self.time = time
        (rounds, begin) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// The names in the order in which they were given.
    nonisolated var names: [String] { probes.map(\.name) }

    /// The probes that are spoken of when these are the answers.
    nonisolated func shown(_ answers: [String: Bool]) -> [String] {
        probes.filter { $0.isShownWhenWell || (!answers.isEmpty && answers[$0.name] != true) }.map(\.name)
    }

    /// What each probe says, by its name. Never waits longer than the limit.
    func answers() async -> [String: Bool] {
        guard !isStopped, !probes.isEmpty else { return [:] }
        if let last, time.now >= last.at, time.now < last.at.adding(lifetime) { return last.answers }
        return await withCheckedContinuation { waiter in
            if round == nil {
                nextNumber += 1
                round = Round(number: nextNumber, waitsFor: Set(names))
                begin.yield(nextNumber)
            }
            round?.waiters.append(waiter)
        }
    }

    /// Runs the probes that `answers` asks for, until it is cancelled.
    func run() async {
        await withDiscardingTaskGroup { group in
            for await number in rounds {
                for probe in probes where asked.insert(probe.name).inserted {
                    group.addTask {
                        let answer = await probe.check()
                        await self.note(answer, of: probe.name)
                    }
                }
                group.addTask { [time, limit] in
                    // Cancelled at shutdown, when nobody waits any more.
                    guard (try? await time.sleep(for: limit)) != nil else { return }
                    await self.close(number)
                }
            }
            stop()
            group.cancelAll()
        }
    }

    private func note(_ answer: Bool, of name: String) {
        asked.remove(name)
        guard round?.waitsFor.remove(name) != nil else { return }
        round?.answers[name] = answer
        if let round, round.waitsFor.isEmpty { close(round.number) }
    }

    /// Ends the round; who has not answered says no.
    private func close(_ number: Int) {
        guard let ended = round, ended.number == number else { return }
        round = nil
        last = (time.now, ended.answers)
        for waiter in ended.waiters { waiter.resume(returning: ended.answers) }
    }

    private func stop() {
        isStopped = true
        if let round { close(round.number) }
    }
}
