import BotKit
import CoreMetrics
import Foundation
import Synchronization

/// Counters by a label from a closed set, made once each.
struct LabelledCounter: Sendable {
    private let name: String
    private let label: String
    private let counters: CounterTable

    init(_ name: String, by label: String) {
        self.name = name
        self.label = label
        counters = CounterTable()
    }

    func increment(_ value: String) {
        counters.counter(value) { Counter(label: name, dimensions: [(label, value)]) }.increment()
    }
}

/// Remembers the counters of one name.
private final class CounterTable: Sendable {
    private let table = Mutex<[String: Counter]>([:])

    func counter(_ value: String, make: () -> Counter) -> Counter {
        table.withLock { table in
            if let counter = table[value] { return counter }
            let counter = make()
            table[value] = counter
            return counter
        }
    }
}

/// What the outbox counts.
struct OutboxMetrics: Sendable {
    private let sentReplies = Counter(label: "replies_sent_total")
    private let repeatedReplies = Counter(label: "replies_repeated_total")
    private let parkedReplies = Counter(label: "replies_parked_total")
    private let strayReports = Counter(label: "delivery_reports_stray_total")
    private let failures = LabelledCounter("send_failures_total", by: "code")

    func sent() { sentReplies.increment() }
    func repeated() { repeatedReplies.increment() }
    func parked() { parkedReplies.increment() }
    func strayReport() { strayReports.increment() }
    func failed(_ code: String) { failures.increment(code) }
}

/// What the pipeline counts.
struct PipelineMetrics: Sendable {
    private let turnSeconds = CoreMetrics.Timer(label: "turn_seconds")
    private let duplicateMessages = Counter(label: "messages_duplicate_total")
    private let outcomes = LabelledCounter("turns_total", by: "outcome")
    private let refusals = LabelledCounter("refusals_total", by: "reason")

    func ended(_ outcome: TurnOutcome, after duration: Duration) {
        outcomes.increment(outcome.rawValue)
        turnSeconds.recordNanoseconds(Int64(duration.seconds * 1e9))
    }
    func duplicates(_ count: Int) { duplicateMessages.increment(by: count) }
    func refused(_ reason: String) { refusals.increment(reason) }
}

/// What the job runner counts.
struct JobMetrics: Sendable {
    private let lag = CoreMetrics.Timer(label: "job_lag_seconds")
    private let outcomes = LabelledCounter("jobs_total", by: "outcome")

    func started(late delay: Double) { lag.recordNanoseconds(Int64(max(0, delay) * 1e9)) }
    func ended(_ kind: String, _ outcome: String) { outcomes.increment("\(kind)_\(outcome)") }
}
