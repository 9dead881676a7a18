public import Foundation
import Synchronization

/// Makes the primary keys of rows whose order matters: 64-bit numbers that only grow.
///
/// A number is `milliseconds since 1970 << 20 | counter`. Growth survives a clock that is set back: the next
/// number is then simply the last one plus one.
public final class RowIDs: Sendable {
    private let last: Mutex<Int64>

    /// Starts after `last`, the greatest number that is already stored.
    public init(after last: Int64 = 0) { self.last = Mutex(last) }

    /// Goes on after `row`, a number that is already stored.
    public func skip(past row: Int64) { last.withLock { $0 = max($0, row) } }

    /// A number greater than all before it.
    public func next(at time: Date) -> Int64 {
        // 43 bits of milliseconds reach to the year 2248; a clock beyond that must not overflow.
        let floor = Int64(min(max(0, time.timeIntervalSince1970 * 1000), 8_796_093_022_206)) << 20
        return last.withLock { last in
            last = max(last + 1, floor)
            return last
        }
    }
}
