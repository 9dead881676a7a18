import ControlPlane
import CoreMetrics
import Foundation
import Testing

@Suite struct PrometheusMetricsTests {
    private let metrics = PrometheusMetrics(maximumSeries: 200)

    private var lines: [String] { metrics.text().split(separator: "\n").map(String.init) }

    @Test func `writes a counter with its help and type`() {
        let counter = Counter(
            label: "refusals", dimensions: [("reason", "rate_limit"), ("kind", "text")], factory: metrics)
        counter.increment()
        counter.increment(by: 4)
        counter.increment(by: -3)
        #expect(lines.contains("# HELP refusals_total Refusals total."))
        #expect(lines.contains("# TYPE refusals_total counter"))
        #expect(lines.contains(#"refusals_total{kind="text",reason="rate_limit"} 5"#))
    }

    @Test func `keeps an ending that is there`() {
        Counter(label: "turns_total", factory: metrics).increment()
        Timer(label: "turn_seconds", factory: metrics).recordMilliseconds(3)
        #expect(lines.contains("turns_total 1"))
        #expect(lines.contains("turn_seconds_count 1"))
    }

    @Test func `gives the same series to everybody who asks for it`() {
        Counter(label: "a", dimensions: [("x", "1"), ("y", "2")], factory: metrics).increment()
        Counter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: metrics).increment()
        FloatingPointCounter(label: "a", dimensions: [("y", "2"), ("x", "1")], factory: metrics).increment(by: 0.5)
        #expect(lines.contains(#"a_total{x="1",y="2"} 2.5"#))
    }

    @Test func `writes timers as histograms in seconds`() {
        let timer = Timer(label: "turn", dimensions: [("step", "open")], factory: metrics)
        for milliseconds in [0, 1, 2, 40, 61_000] { timer.recordMilliseconds(milliseconds) }
        #expect(lines.contains("# TYPE turn_seconds histogram"))
        #expect(lines.contains(#"turn_seconds_bucket{step="open",le="0.001"} 2"#))
        #expect(lines.contains(#"turn_seconds_bucket{step="open",le="0.0025"} 3"#))
        #expect(lines.contains(#"turn_seconds_bucket{step="open",le="60"} 4"#))
        #expect(lines.contains(#"turn_seconds_bucket{step="open",le="+Inf"} 5"#))
        #expect(lines.contains(#"turn_seconds_sum{step="open"} 61.043"#))
        #expect(lines.contains(#"turn_seconds_count{step="open"} 5"#))
    }

    @Test func `writes gauges, meters and recorders`() {
        Gauge(label: "depth", factory: metrics).record(7)
        let meter = Meter(label: "level", factory: metrics)
        meter.set(2.5)
        meter.decrement(by: 1.0)
        Recorder(label: "tokens", factory: metrics).record(150)
        Meter(label: "odd", factory: metrics).set(Double.infinity)
        Meter(label: "none", factory: metrics).set(Double.nan)
        #expect(lines.contains("depth 7"))
        #expect(lines.contains("level 1.5"))
        #expect(lines.contains(#"tokens_bucket{le="200"} 1"#))
        #expect(lines.contains("odd +Inf"))
        #expect(lines.contains("none NaN"))
    }

    @Test func `makes any name and label safe`() {
        let hostile = [
            ("le", "a\"b\\c\nd"), ("9 way", "ש"), ("__x", "1"), ("a", String(repeating: "v", count: 999)), ("a", "2"),
        ]
        Counter(label: "9 hostile-name\n# TYPE x counter", dimensions: hostile, factory: metrics).increment()
        let line = lines.first { $0.hasPrefix("_9_hostile_name___TYPE_x_counter_total{") }
        #expect(line?.contains(#"own_le="a\"b\\c\nd""#) == true)
        #expect(line?.contains(#"_9_way="ש""#) == true)
        #expect(line?.contains(#"own___x="1""#) == true)
        #expect(line.map { $0.count < 300 } == true)
    }

    @Test func `keeps only so many series, and counts the others`() {
        for number in 0..<300 {
            Counter(label: "many", dimensions: [("n", "\(number)")], factory: metrics).increment()
        }
        #expect(lines.count { $0.hasPrefix("many_total{") } == 200)
        #expect(lines.contains("metrics_dropped_series_total 100"))
    }

    @Test func `gives one name to one kind only`() {
        Gauge(label: "x_total", factory: metrics).record(1)
        Counter(label: "x", factory: metrics).increment()
        Timer(label: "y", factory: metrics).recordSeconds(1)
        Gauge(label: "y_seconds_sum", factory: metrics).record(1)
        Gauge(label: "process_open_fds", factory: metrics).record(-1)
        #expect(lines.contains("x_total 1"))
        #expect(lines.count { $0.hasPrefix("y_seconds_sum") } == 1)
        #expect(lines.contains("metrics_dropped_series_total 3"))
        #expect(!lines.contains("process_open_fds -1"))
    }

    @Test func `forgets what is destroyed and has room again`() {
        for number in 0..<500 {
            let counter = Counter(label: "brief", dimensions: [("n", "\(number)")], factory: metrics)
            counter.increment()
            let timer = Timer(label: "brief_time", factory: metrics)
            counter.destroy()
            timer.destroy()
        }
        #expect(lines.contains("metrics_dropped_series_total 0"))
        #expect(!lines.contains { $0.hasPrefix("brief") })
    }

    @Test func `counts right from many tasks at once`() async {
        let counter = Counter(label: "busy", factory: metrics)
        let timer = Timer(label: "busy", factory: metrics)
        await withTaskGroup(of: Void.self) { group in
            for _ in 0..<8 {
                group.addTask {
                    for _ in 0..<1000 {
                        counter.increment()
                        timer.recordNanoseconds(1_000_000)
                    }
                }
            }
        }
        #expect(lines.contains("busy_total 8000"))
        #expect(lines.contains("busy_seconds_count 8000"))
        #expect(
            lines.contains("busy_seconds_sum 8.000000000000563")
                || lines.contains { $0.hasPrefix("busy_seconds_sum 8") || $0.hasPrefix("busy_seconds_sum 7.99") })
    }

    @Test func `shows the process`() throws {
        func value(_ name: String) throws -> Double {
            let line = try #require(lines.first { $0.hasPrefix("\(name) ") })
            return try #require(Double(line.dropFirst(name.count + 1)))
        }
        #expect(try value("process_resident_memory_bytes") > 1_000_000)
        #expect(try value("process_open_fds") >= 3)
        #expect(try value("process_cpu_seconds_total") > 0)
        let age = Date().timeIntervalSince1970 - (try value("process_start_time_seconds"))
        #expect(age > -5 && age < 86_400)
    }
}
