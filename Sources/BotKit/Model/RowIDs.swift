public import Foundation
import Synchronization

/// Makes the primary keys of rows whose order matters: 64-bit numbers that only grow.
///
/// A number is `milliseconds since 1970 << 20 | counter`. Growth survives a clock that is set back: the next
/// number is then simply the next one. Processes that write at once have a lane each, the rest that their numbers leave
/// when they are divided by `lanes`, so that none of them makes the number of another.
public final class RowIDs: Sendable {
    /// How many lanes there are.
    public static let lanes: Int64 = 1_024

    private let last: Mutex<Int64>
    private let lane: Int64?

    /// Starts after `last`, the greatest number that is already stored.
    /// - Parameter lane: below `lanes`; `nil` where no other process makes numbers for the same tables.
    public init(after last: Int64 = 0, lane: Int64? = nil) {
        self.last = Mutex(last)
        self.lane = lane.map { $0 & (Self.lanes - 1) }
    }

    /// The lanes of workers; the bot has lane 0.
    public static let workerLanes: ClosedRange<Int64> = 1...63

    /// For a command beside the bot and its workers. It makes a few numbers and ends.
    public static func beside() -> RowIDs { RowIDs(lane: .random(in: (workerLanes.upperBound + 1)..<lanes)) }

    /// Goes on after `row`, a number that is already stored.
    public func skip(past row: Int64) { last.withLock { $0 = max($0, row) } }

    /// A number greater than all before it.
    public func next(at time: Date) -> Int64 {
        // 43 bits of milliseconds reach to the year 2248; a clock beyond that must not overflow.
        let floor = Int64(min(max(0, time.timeIntervalSince1970 * 1000), 8_796_093_022_206)) << 20
        return last.withLock { last in
            var next = max(last + 1, floor)
            if let lane { next += (lane - next) & (Self.lanes - 1) }
            last = next
            return next
        }
    }
}
