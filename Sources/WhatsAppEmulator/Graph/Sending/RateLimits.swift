import Foundation

/// Meta's limits on how fast one number sends, and on how fast it sends to one user.
struct RateLimits {
    private static let throughput = 80
    private static let pairInterval: TimeInterval = 6
    private static let pairBurst: TimeInterval = 45 * pairInterval
    private var second: [String: (start: Int, count: Int)] = [:]
    private var pairs: [String: Date] = [:]

    /// Counts one message.
    /// - Throws: 130429 above 80 messages in a second, 131056 above one in 6 seconds once a burst of 45 is used up.
    mutating func take(phoneNumberID: String, user: String, at time: Date) throws(EmulatedError) {
        let now = Int(time.timeIntervalSince1970)
        var current = second[phoneNumberID] ?? (now, 0)
        if current.start != now { current = (now, 0) }
        current.count += 1
        second[phoneNumberID] = current
        guard current.count <= Self.throughput else { throw EmulatedError(code: 130429, details: "Rate limit hit") }

        let key = "\(phoneNumberID) \(user)"
        let due = max(pairs[key] ?? time, time)
        guard due.timeIntervalSince(time) < Self.pairBurst else {
            throw EmulatedError(code: 131056, details: "Too many messages to this user; wait and try again")
        }
        if pairs.count > 100_000 { pairs = pairs.filter { $0.value > time } }
        pairs[key] = due.addingTimeInterval(Self.pairInterval)
    }
}
