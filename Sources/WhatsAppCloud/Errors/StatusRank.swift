/// How far a message of ours came, as a number that only grows: keep the larger one.
///
/// Statuses come in any order and more than once. `failed` stands between `sent` and `delivered`, so it ends a message
/// unless a device reports it all the same: then the device is believed (keep the error beside it). The raw values are
/// stored; they never change.
public enum StatusRank: Int, Sendable, Comparable, CaseIterable {
    /// Meta took it.
    case accepted = 10
    /// It left Meta's servers.
    case sent = 20
    /// It did not arrive.
    case failed = 30
    /// It is on a device.
    case delivered = 40
    /// It was seen.
    case read = 50
    /// It was played.
    case played = 60

    /// The rank of a status; `nil` for words that say nothing about arriving.
    public init?(_ status: StatusUpdate.Status) {
        switch status {
        case .sent: self = .sent
        case .failed: self = .failed
        case .delivered: self = .delivered
        case .read: self = .read
        case .played: self = .played
        case .other: return nil
        }
    }

    /// The rank after one more status.
    public func advanced(by status: StatusUpdate.Status) -> StatusRank {
        StatusRank(status).map { max(self, $0) } ?? self
    }

    /// Whether one is less far than the other.
    public static func < (one: StatusRank, other: StatusRank) -> Bool { one.rawValue < other.rawValue }
}
