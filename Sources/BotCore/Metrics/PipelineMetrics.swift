import BotKit
import CoreMetrics

/// A part of a message's line that is timed.
enum TurnStep: String, Sendable, CaseIterable {
    /// Until the message is durable.
    case receive
    case open
    case `guard`
    case watch
    /// Route and Authorize, with the limit on what costs something.
    case route
    case answer
    case deliver
    /// From the opening to the end; the others, `receive` excepted, are parts of it.
    case whole
}

/// What the pipeline counts.
struct PipelineMetrics: Sendable {
    private let steps: [TurnStep: Timer] = Dictionary(
        uniqueKeysWithValues: TurnStep.allCases.map {
            ($0, Timer(label: "turn_seconds", dimensions: [("step", $0.rawValue)]))
        })
    private let duplicateMessages = Counter(label: "messages_duplicate_total")
    private let turns = LabelledCounter("turns_total", by: "feature", "outcome", limit: 300)
    private let refusals = LabelledCounter("refusals_total", by: "reason")
    private let failures = LabelledCounter("turn_failures_total", by: "code")

    /// - Parameter feature: the name of the feature that answers, or `none` when the line ended before one was found.
    func ended(_ outcome: TurnOutcome, in feature: String, after duration: Duration) {
        turns.increment(feature, outcome.rawValue)
        took(duration, .whole)
    }
    func duplicates(_ count: Int) { duplicateMessages.increment(by: count) }
    func refused(_ reason: String) { refusals.increment(reason) }
    func failed(_ code: ErrorCode) { failures.increment(code.label) }

    /// Runs a step and takes its time, however it ends.
    func time<Result>(_ step: TurnStep, _ body: () async throws -> Result) async rethrows -> Result {
        let start = ContinuousClock.now
        defer { took(ContinuousClock.now - start, step) }
        return try await body()
    }

    private func took(_ duration: Duration, _ step: TurnStep) {
        steps[step]?.recordNanoseconds(Int64(duration.seconds * 1e9))
    }
}
