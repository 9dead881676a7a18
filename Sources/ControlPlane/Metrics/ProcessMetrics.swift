import Foundation

/// What Prometheus wants to know of every process, read from Linux' `/proc` (proc(5)).
struct ProcessMetrics: Sendable {
    private struct Sample {
        let name: String
        let kind: String
        let help: String
        let read: @Sendable (Stat) -> Double?
    }
    /// The fields of `/proc/self/stat` from the third one on.
    private struct Stat {
        let fields: [Substring]

        init?() {
            guard let text = try? String(contentsOfFile: "/proc/self/stat", encoding: .utf8),
                let name = text.lastIndex(of: ")")
            else { return nil }
            fields = text[name...].dropFirst().split(separator: " ")
        }

        /// A field by its number in proc(5).
        subscript(_ number: Int) -> Double? {
            fields.indices.contains(number - 3) ? Double(fields[number - 3].filter { $0 != "\n" }) : nil
        }
    }

    private static let ticksPerSecond = Double(sysconf(Int32(_SC_CLK_TCK)))
    private static let pageBytes = Double(sysconf(Int32(_SC_PAGESIZE)))
    private let startTime: Double?

    init() {
        let boot = (try? String(contentsOfFile: "/proc/stat", encoding: .utf8))?
            .split(separator: "\n").first { $0.hasPrefix("btime ") }.flatMap { Double($0.dropFirst(6)) }
        startTime =
            if let boot, let ticks = Stat()?[22] { boot + ticks / Self.ticksPerSecond } else { nil }
    }

    private static let samples: [Sample] = [
        Sample(
            name: "process_cpu_seconds_total", kind: "counter",
            help: "Processor time that the process has used, in seconds."
        ) { stat in
            guard let user = stat[14], let system = stat[15] else { return nil }
            return (user + system) / ticksPerSecond
        },
        Sample(name: "process_open_fds", kind: "gauge", help: "Open file descriptors.") { _ in
            // The folder itself is open while it is counted.
            (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")).map { Double($0.count - 1) }
        },
        Sample(name: "process_resident_memory_bytes", kind: "gauge", help: "Memory in use, in bytes.") { stat in
            stat[24].map { $0 * pageBytes }
        },
    ]

    private static let startTimeName = "process_start_time_seconds"

    /// The names that no other metric may have.
    static let names = samples.map(\.name) + [startTimeName]

    func write(to text: inout String) {
        guard let stat = Stat() else { return }
        for sample in Self.samples {
            guard let value = sample.read(stat) else { continue }
            text += "# HELP \(sample.name) \(sample.help)\n# TYPE \(sample.name) \(sample.kind)\n"
            text += "\(sample.name) \(PrometheusText.number(value))\n"
        }
        if let startTime {
            let name = Self.startTimeName
            text += "# HELP \(name) When the process started, in seconds since 1970.\n# TYPE \(name) gauge\n"
            text += "\(name) \(PrometheusText.number(startTime))\n"
        }
    }
}
