import Synchronization

/// How often Meta took a file and refused it afterwards, by the row of the outbox that it went out in.
///
/// Kept in memory: after a restart the file is tried as it is once more, and refused once more.
final class RefusedFiles: Sendable {
    private static let limit = 1_000
    private let refusals = Mutex<[Int64: Int]>([:])

    /// - Returns: how often it was refused by now.
    @discardableResult func note(_ row: Int64) -> Int {
        refusals.withLock { refusals in
            if refusals.count >= Self.limit, let oldest = refusals.keys.min() { refusals[oldest] = nil }
            refusals[row, default: 0] += 1
            return refusals[row] ?? 0
        }
    }

    func count(of row: Int64) -> Int { refusals.withLock { $0[row] ?? 0 } }
}
