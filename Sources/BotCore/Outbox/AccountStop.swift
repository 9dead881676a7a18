import Foundation

/// An account whose network takes nothing from it, and the one reply that tries whether that is over.
struct AccountStop: Sendable {
    /// The reply that tries.
    struct Trial: Sendable {
        let row: Int64
        /// When it counts as gone out for want of bad news; the distant future while it is under way.
        var until: Date
    }

    /// The network's code, of which the operator was told.
    let code: String
    /// When the network said so last.
    private(set) var since: Date
    /// Whether the network takes messages first and refuses them later: then only news shows that it is over.
    let isLate: Bool
    private(set) var trial: Trial?

    init(code: String, at now: Date, isLate: Bool) {
        self.code = code
        self.since = now
        self.isLate = isLate
    }

    mutating func begin(_ row: Int64) { trial = Trial(row: row, until: .distantFuture) }

    /// The network took the reply that tries; whether it stays with that shows until `time`.
    mutating func awaitNews(until time: Date) { trial?.until = time }

    /// The reply that tried proved nothing; another may.
    mutating func end(_ row: Int64) {
        if trial?.row == row, trial?.until == .distantFuture { trial = nil }
    }

    mutating func move(by step: TimeInterval) {
        since += step
        // The distant future would be another time, and no end.
        if let until = trial?.until, until != .distantFuture { trial?.until = until + step }
    }
}
