import CoreMetrics

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
