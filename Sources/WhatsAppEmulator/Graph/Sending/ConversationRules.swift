import Foundation

/// When users wrote last: a business may write freely for 24 hours after that (Meta, Customer service windows).
struct ConversationWindows {
    private static let length: TimeInterval = 24 * 3600
    private var lastInbound: [String: Date] = [:]

    private func key(_ phoneNumberID: String, _ user: String) -> String { "\(phoneNumberID) \(user)" }

    /// Opens or renews the window of `user` (a business-scoped id) with the number.
    mutating func open(phoneNumberID: String, user: String, at time: Date) {
        let key = key(phoneNumberID, user)
        lastInbound[key] = max(time, lastInbound[key] ?? .distantPast)
    }

    /// Closes the window at once.
    mutating func close(phoneNumberID: String, user: String) {
        lastInbound[key(phoneNumberID, user)] = nil
    }

    /// Lets the windows of a user whose id changed stand.
    mutating func move(from old: String, to new: String) {
        for (key, time) in lastInbound where key.hasSuffix(" \(old)") {
            lastInbound[key] = nil
            lastInbound[key.dropLast(old.count) + new] = time
        }
    }

    func isOpen(phoneNumberID: String, user: String, at time: Date) -> Bool {
        guard let last = lastInbound[key(phoneNumberID, user)] else { return false }
        return time.timeIntervalSince(last) < Self.length
    }
}

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
