public import CoreMetrics
public import Logging
import Synchronization

/// A backend for swift-metrics that keeps every series in memory and gives them as Prometheus text.
///
/// Counters end in `_total` and timers in `_seconds`; both endings are added where they are missing. Timers and
/// aggregating recorders are histograms with fixed buckets, gauges and meters are gauges. The number of series is
/// bounded: one too many goes nowhere, is counted in `metrics_dropped_series_total` and logged once.
public final class PrometheusMetrics: MetricsFactory {
    /// Upper bounds in seconds, from 1 ms to 60 s.
    public static let secondsBuckets = [
        0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60,
    ]
    /// Upper bounds for amounts without a unit, from 1 to 10^6.
    public static let amountBuckets: [Double] = [
        1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 100_000, 1_000_000,
    ]
    /// What the metrics of the HTTP port mean, by the name as it is shown.
    public static let ownMeanings = RequestMetrics.meanings
    private static let droppedName = "metrics_dropped_series_total"

    private let registry: Mutex<MetricRegistry>
    private let dropped = Atomic<Int64>(0)
    private let help: [String: String]
    private let buckets: [String: [Double]]
    private let process = ProcessMetrics()
    private let logger: Logger?

    /// - Parameters:
    ///   - help: what a metric means, by its written name; one without is described by the words of its name.
    ///   - buckets: own upper bounds of a histogram, ascending, by its written name.
    ///   - maximumSeries: the most lines of all series together.
    ///   - logger: is told once when there is no room for a series.
    public init(
        help: [String: String] = [:], buckets: [String: [Double]] = [:], maximumSeries: Int = 4000,
        logger: Logger? = nil
    ) {
        self.help = RequestMetrics.meanings.merging(help) { $1 }
        self.buckets = buckets.mapValues { Array(Set($0.filter(\.isFinite))).sorted() }
        self.logger = logger
        registry = Mutex(MetricRegistry(limit: maximumSeries, reserved: ProcessMetrics.names + [Self.droppedName]))
    }

    /// The text format's content type.
    public static var contentType: String { PrometheusText.contentType }

    /// All metrics as they stand now, in the Prometheus text format.
    public func text() -> String {
        let families = registry.withLock { $0.sorted }
        var text = ""
        text.reserveCapacity(16_384)
        for family in families {
            text += "# HELP \(family.name) \(PrometheusText.help(meaning(of: family.name)))\n"
            text += "# TYPE \(family.name) \(family.kind.rawValue)\n"
            for (labels, instrument) in family.series {
                instrument.write(name: family.name, labels: labels, to: &text)
            }
        }
        text += "# HELP \(Self.droppedName) Series that were refused because of too many or conflicting ones.\n"
        text += "# TYPE \(Self.droppedName) counter\n\(Self.droppedName) \(dropped.load(ordering: .relaxed))\n"
        process.write(to: &text)
        return text
    }

    public func makeCounter(label: String, dimensions: [(String, String)]) -> any CounterHandler {
        counter(label, dimensions) ?? NoInstrument()
    }

    public func makeFloatingPointCounter(
        label: String, dimensions: [(String, String)]
    ) -> any FloatingPointCounterHandler { counter(label, dimensions) ?? NoInstrument() }

    public func makeMeter(label: String, dimensions: [(String, String)]) -> any MeterHandler {
        gauge(label, dimensions) ?? NoInstrument()
    }

    public func makeRecorder(label: String, dimensions: [(String, String)], aggregate: Bool) -> any RecorderHandler {
        if aggregate { return histogram(label, dimensions, buckets: Self.amountBuckets) ?? NoInstrument() }
        return gauge(label, dimensions) ?? NoInstrument()
    }

    public func makeTimer(label: String, dimensions: [(String, String)]) -> any TimerHandler {
        let label = label.hasSuffix("_seconds") ? label : "\(label)_seconds"
        return histogram(label, dimensions, buckets: Self.secondsBuckets) ?? NoInstrument()
    }

    public func destroyCounter(_ handler: any CounterHandler) { remove(handler) }
    public func destroyFloatingPointCounter(_ handler: any FloatingPointCounterHandler) { remove(handler) }
    public func destroyMeter(_ handler: any MeterHandler) { remove(handler) }
    public func destroyRecorder(_ handler: any RecorderHandler) { remove(handler) }
    public func destroyTimer(_ handler: any TimerHandler) { remove(handler) }

    private func counter(_ label: String, _ dimensions: [(String, String)]) -> CounterInstrument? {
        let name = PrometheusText.name(label)
        return series(name.hasSuffix("_total") ? name : "\(name)_total", .counter, dimensions) { CounterInstrument() }
    }

    private func gauge(_ label: String, _ dimensions: [(String, String)]) -> GaugeInstrument? {
        series(PrometheusText.name(label), .gauge, dimensions) { GaugeInstrument() }
    }

    private func histogram(
        _ label: String, _ dimensions: [(String, String)], buckets fallback: [Double]
    ) -> HistogramInstrument? {
        let name = PrometheusText.name(label)
        let bounds = buckets[name] ?? fallback
        return series(name, .histogram, dimensions, weight: bounds.count + 3) { HistogramInstrument(bounds: bounds) }
    }

    private func series<Kept: Instrument>(
        _ name: String, _ kind: MetricRegistry.Kind, _ dimensions: [(String, String)], weight: Int = 1,
        make: () -> Kept
    ) -> Kept? {
        let labels = PrometheusText.labels(dimensions)
        do {
            return try registry.withLock { registry in
                try registry.series(name, kind, labels: labels, weight: weight, make: make)
            }
        } catch {
            if dropped.wrappingAdd(1, ordering: .relaxed).oldValue == 0 {
                logger?.error(
                    "A metric is not kept: too many series, or one name for two kinds", metadata: ["metric": "\(name)"])
            }
            return nil
        }
    }

    private func remove(_ handler: AnyObject) {
        guard !(handler is NoInstrument) else { return }
        let weight = (handler as? HistogramInstrument)?.lineCount ?? 1
        registry.withLock { $0.remove(handler, weight: weight) }
    }

    private func meaning(of name: String) -> String {
        if let help = help[name] { return help }
        let words = name.split(separator: "_").joined(separator: " ")
        return words.prefix(1).uppercased() + words.dropFirst() + "."
    }
}
