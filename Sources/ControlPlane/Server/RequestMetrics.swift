import CoreMetrics
import Synchronization

/// Counts the requests of one route by their status, and measures how long they took.
final class RequestMetrics: Sendable {
    /// What each metric counts, by the name as it is shown.
    static let meanings = [
        "http_requests_total": "Requests to health, metrics and webhooks, by status code and route.",
        "http_request_seconds": "Time from the head of a request to the end of its answer, in seconds, by route.",
    ]

    private let route: String
    private let metrics: PrometheusMetrics
    private let seconds: Timer
    private let counters = Mutex<[Int: Counter]>([:])

    /// - Parameter route: a word of a closed set, or the path of a webhook.
    init(route: String, metrics: PrometheusMetrics) {
        self.route = route
        self.metrics = metrics
        seconds = Timer(label: "http_request_seconds", dimensions: [("route", route)], factory: metrics)
    }

    func record(status: Int, since start: ContinuousClock.Instant) {
        let spent = start.duration(to: .now).components
        seconds.recordNanoseconds(spent.seconds * 1_000_000_000 + spent.attoseconds / 1_000_000_000)
        let counter = counters.withLock { counters in
            if let known = counters[status] { return known }
            let fresh = Counter(
                label: "http_requests_total", dimensions: [("code", String(status)), ("route", route)], factory: metrics
            )
            counters[status] = fresh
            return fresh
        }
        counter.increment()
    }
}
