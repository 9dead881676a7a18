import CoreMetrics

/// What the job runner counts.
struct JobMetrics: Sendable {
    private let lag = Timer(label: "job_lag_seconds")
    private let wait = Timer(label: "queue_wait_seconds")
    private let outcomes = LabelledCounter("jobs_total", by: "kind", "outcome")

    func started(late delay: Double, isHeavy: Bool) {
        (isHeavy ? wait : lag).recordNanoseconds(Int64(max(0, delay) * 1e9))
    }
    /// - Parameters:
    ///   - kind: one that has a handler.
    ///   - outcome: `done`, `again`, `retried`, `given_up` or `dead`.
    func ended(_ kind: String, _ outcome: String) { outcomes.increment(kind, outcome) }
}
