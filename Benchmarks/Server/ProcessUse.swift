import Foundation

/// What a running process uses, as Linux counts it (proc(5)).
struct ProcessUse: Sendable {
    /// Memory in RAM, shared pages included, in MB of 2^20 bytes.
    let residentMB: Double
    /// Memory in RAM that is its own and was written to.
    let privateDirtyMB: Double
    /// Processor time since its start.
    let processorSeconds: Double

    init(of pid: pid_t) throws {
        let sums = try Self.text("/proc/\(pid)/smaps_rollup")
        guard let resident = Self.kilobytes("Rss:", in: sums), let dirty = Self.kilobytes("Private_Dirty:", in: sums)
        else { throw BenchmarkFailure("/proc/\(pid)/smaps_rollup has another form than expected") }
        residentMB = resident / 1024
        privateDirtyMB = dirty / 1024
        // The name of the program, in parentheses, may hold blanks; utime and stime are the fields 14 and 15.
        let fields = try Self.text("/proc/\(pid)/stat").split(separator: ")").last?.split(separator: " ") ?? []
        guard fields.count > 12, let user = Double(fields[11]), let system = Double(fields[12]) else {
            throw BenchmarkFailure("/proc/\(pid)/stat has another form than expected")
        }
        processorSeconds = (user + system) / Double(sysconf(Int32(_SC_CLK_TCK)))
    }

    /// The processor time between `earlier` and this.
    func processorMilliseconds(since earlier: ProcessUse) -> Double {
        (processorSeconds - earlier.processorSeconds) * 1000
    }

    private static func text(_ path: String) throws -> String {
        guard let data = FileManager.default.contents(atPath: path) else {
            throw BenchmarkFailure("\(path) cannot be read: has the process ended?")
        }
        return String(decoding: data, as: UTF8.self)
    }

    private static func kilobytes(_ name: String, in text: String) -> Double? {
        text.split(separator: "\n").first { $0.hasPrefix(name) }?.split(separator: " ").dropFirst().first.flatMap {
            Double($0)
        }
    }
}
