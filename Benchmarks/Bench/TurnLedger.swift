import Synchronization

/// When each question went out and when its answer came, by the number of its mark.
final class TurnLedger: Sendable {
    private struct State {
        var asked: [ContinuousClock.Instant?]
        var answered: [ContinuousClock.Instant?]
        var waiting: [Int: CheckedContinuation<Bool, Never>] = [:]
        var strangers = 0
        var repeats = 0
        var gaveUp = false
    }
    private let state: Mutex<State>

    /// - Parameter capacity: the marks are 0 ..< capacity.
    init(capacity: Int) {
        state = Mutex(
            State(asked: Array(repeating: nil, count: capacity), answered: Array(repeating: nil, count: capacity)))
    }

    /// Notes that the question is going out now.
    func ask(_ token: Token) { state.withLock { $0.asked[token.number] = .now } }

    /// Notes that its answer came now.
    func answer(_ token: Token) {
        let now = ContinuousClock.now
        let caller = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard state.answered.indices.contains(token.number) else {
                state.strangers += 1
                return nil
            }
            if state.answered[token.number] != nil { state.repeats += 1 }
            state.answered[token.number] = state.answered[token.number] ?? now
            return state.waiting.removeValue(forKey: token.number)
        }
        caller?.resume(returning: true)
    }

    /// Waits for the answer.
    /// - Returns: whether it came.
    func waitForAnswer(_ token: Token) async -> Bool {
        await withCheckedContinuation { caller in
            let known = state.withLock { state -> Bool? in
                if state.answered[token.number] != nil { return true }
                if state.gaveUp { return false }
                state.waiting[token.number] = caller
                return nil
            }
            if let known { caller.resume(returning: known) }
        }
    }

    /// Lets all who wait go without an answer.
    func giveUp() {
        let waiting = state.withLock { state in
            defer { state.waiting = [:] }
            state.gaveUp = true
            return state.waiting.values
        }
        for caller in waiting { caller.resume(returning: false) }
    }

    /// The times from question to answer of the marks in `range`, in milliseconds.
    /// - Throws: when one is missing, or came twice: then the figures mean nothing.
    func times(_ range: Range<Int>) throws -> [Double] {
        try state.withLock { state in
            let times = range.compactMap { number -> Double? in
                guard let asked = state.asked[number], let answered = state.answered[number] else { return nil }
                return (answered - asked).inMilliseconds
            }
            guard times.count == range.count else {
                throw BenchmarkFailure("\(range.count - times.count) of \(range.count) questions have no answer")
            }
            guard state.repeats == 0, state.strangers == 0 else {
                throw BenchmarkFailure("\(state.repeats) answers came twice, \(state.strangers) belong to no question")
            }
            return times
        }
    }

    /// Questions in `range` without an answer, and answers that came once more.
    func faults(_ range: Range<Int>) -> (missing: Int, repeats: Int) {
        state.withLock { state in (range.count { state.answered[$0] == nil }, state.repeats + state.strangers) }
    }

    /// The time from the first question to the last answer of the marks in `range`.
    func span(_ range: Range<Int>) -> Duration {
        state.withLock { state in
            guard let first = range.compactMap({ state.asked[$0] }).min(),
                let last = range.compactMap({ state.answered[$0] }).max()
            else { return .zero }
            return last - first
        }
    }
}
