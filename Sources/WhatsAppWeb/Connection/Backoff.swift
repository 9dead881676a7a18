/// How long to wait before the next connection: longer after each failure, and never the same for all clients.
struct Backoff: Sendable {
    /// The first wait, and the longest.
    var shortest = Duration.seconds(1)
    var longest = Duration.seconds(300)
    private(set) var failures = 0

    /// Notes a failure.
    /// - Parameter jitter: between 0 and 1; the wait is the lower half of its limit, and so much of the upper half.
    /// - Returns: how long to wait now.
    mutating func failed(jitter: Double) -> Duration {
        let limit = min(longest, shortest * Double(1 << min(failures, 20)))
        failures += 1
        return limit * (0.5 + 0.5 * min(1, max(0, jitter)))
    }

    /// Notes that a connection has held.
    mutating func succeeded() { failures = 0 }
}
