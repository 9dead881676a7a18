/// How long to wait before the next connection: longer after each failure, and never the same for all clients.
struct Backoff: Sendable {
    /// The first wait, and the longest.
    var shortest = Duration.seconds(1)
    var longest = Duration.seconds(300)
    /// A connection that lasted so long after its login was a good one.
    static let steady = Duration.seconds(60)
    private(set) var failures = 0
    /// Whether the server has asked for another connection since the last good one.
    private var wasUrged = false

    /// Notes a failure.
    /// - Parameter jitter: between 0 and 1; the wait is the lower half of its limit, and so much of the upper half.
    /// - Returns: how long to wait now.
    mutating func failed(jitter: Double) -> Duration {
        let limit = min(longest, shortest * Double(1 << min(failures, 20)))
        failures += 1
        return limit * (0.5 + 0.5 * min(1, max(0, jitter)))
    }

    /// Notes that the server itself wants another connection.
    /// - Returns: nothing, so that it has it at once; as long as after a failure, if it wants one again and again.
    mutating func urged(jitter: Double) -> Duration {
        guard wasUrged else {
            wasUrged = true
            return .zero
        }
        return failed(jitter: jitter)
    }

    /// Notes how long a connection was good for after its login.
    mutating func held(for duration: Duration) { if duration >= Self.steady { succeeded() } }

    /// Notes that all is well: the next wait is the shortest again.
    mutating func succeeded() { (failures, wasUrged) = (0, false) }
}
