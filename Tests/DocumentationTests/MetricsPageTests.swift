import Foundation
import Testing

@testable import App

/// The table of metrics says what the sources count, and nothing else.
@Suite struct MetricsPageTests {
    private let page: String
    /// Those that can make a metric.
    private let sources: [(path: String, text: String)]

    init() throws {
        page = try String(contentsOf: Documents.root.appending(path: "docs/operations.md"), encoding: .utf8)
        let folder = Documents.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        sources = try (files?.compactMap { $0 as? URL } ?? []).filter { $0.pathExtension == "swift" }.map {
            ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8))
        }.filter {
            $0.text.contains("import CoreMetrics\n") || $0.text.contains("LabelledCounter(")
                || $0.path == "ProcessMetrics.swift"
        }
    }

    /// The names as they are written at `/metrics`.
    private var registered: Set<String> {
        var names: Set<String> = []
        for source in sources {
            for match in source.text.matches(of: /\b(\w*Counter|Timer|Gauge|Meter|Recorder)\(\s*(?:label: )?"(\w+)"/) {
                var name = String(match.2)
                if match.1.hasSuffix("Counter"), !name.hasSuffix("_total") { name += "_total" }
                if match.1 == "Timer", !name.hasSuffix("_seconds") { name += "_seconds" }
                names.insert(name)
            }
            // What the backend itself adds.
            if ["ProcessMetrics.swift", "PrometheusMetrics.swift"].contains(source.path) {
                names.formUnion(source.text.matches(of: /"((process|metrics)_\w+)"/).map { String($0.1) })
            }
        }
        return names
    }

    private var documented: Set<String> {
        let start = page.range(of: "## Metrics")?.upperBound ?? page.startIndex
        let section = page[start...].split(separator: "\n## ")[0]
        let rows = section.split(separator: "\n").filter { $0.hasPrefix("| `") }
        let cells = rows.compactMap { $0.split(separator: "|").first }
        return Set(cells.flatMap { $0.matches(of: /`([a-z_]+)(\{[a-z_,]+\})?`/).map { String($0.1) } })
    }

    @Test func `every metric is in the table, and everything in the table is counted`() {
        let (registered, documented) = (registered, documented)
        #expect(registered.count > 30)
        #expect(registered.subtracting(documented).sorted() == [])
        #expect(documented.subtracting(registered).sorted() == [])
    }

    @Test func `every metric says what it counts`() {
        let own = registered.filter { !$0.hasPrefix("process_") && !$0.hasPrefix("metrics_") }
        for name in own.sorted() {
            let meaning = ProductMetrics.meanings[name] ?? ""
            #expect(meaning.hasSuffix("."), "\(name) has no meaning: see MetricMeanings")
            if name.hasSuffix("_seconds") { #expect(meaning.contains("in seconds"), "\(name) does not say its unit") }
        }
        #expect(Set(ProductMetrics.meanings.keys).subtracting(own).sorted() == [])
    }

    @Test func `every metric is made with its name in plain sight`() {
        for source in sources where source.path != "LabelledCounter.swift" {
            let hidden = source.text.matches(
                of: /\b(Counter|FloatingPointCounter|Timer|Gauge|Meter|Recorder)\(\s*label: [^"\s]/)
            #expect(hidden.isEmpty, "\(source.path) makes a metric whose name this test cannot read")
        }
    }
}
