import CoreMetrics
import Synchronization

/// Counters of one name, a series for each combination of label values.
///
/// The values shall come from closed sets. Some are words of a network, so the series are bounded all the same: beyond
/// the limit everything counts as `other`.
final class LabelledCounter: Sendable {
    private let name: String
    private let labels: [String]
    private let limit: Int
    private let series = Mutex<[[String]: Counter]>([:])

    /// - Parameters:
    ///   - name: ends in `_total`.
    ///   - limit: the most series, `other` not counted.
    init(_ name: String, by labels: String..., limit: Int = 100) {
        self.name = name
        self.labels = labels
        self.limit = limit
    }

    /// - Parameter values: one for each label, in their order.
    func increment(_ values: String..., by amount: Int = 1) {
        let counter = series.withLock { series in
            let admitted = Self.admitted(values, among: series.keys, limit: limit)
            if let counter = series[admitted] { return counter }
            let counter = Counter(label: name, dimensions: Array(zip(labels, admitted)))
            series[admitted] = counter
            return counter
        }
        counter.increment(by: amount)
    }

    /// The values under which `values` are counted.
    static func admitted(_ values: [String], among known: some Collection<[String]>, limit: Int) -> [String] {
        known.count < limit || known.contains(values) ? values : values.map { _ in "other" }
    }
}
