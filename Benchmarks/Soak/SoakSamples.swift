import Foundation

/// What a process used, again and again over a long time.
struct SoakSamples: Sendable {
    private struct Sample {
        /// Seconds since the start.
        let time: Double
        let residentMB: Double
        let descriptors: Int
    }

    private var samples: [Sample] = []

    mutating func add(_ pid: pid_t, at time: Double) throws {
        let use = try ProcessUse(of: pid)
        let descriptors = try FileManager.default.contentsOfDirectory(atPath: "/proc/\(pid)/fd").count
        samples.append(Sample(time: time, residentMB: use.residentMB, descriptors: descriptors))
    }

    /// Those from `time` on: before, caches fill.
    func dropping(before time: Double) -> SoakSamples {
        var rest = self
        rest.samples.removeAll { $0.time < time }
        return rest
    }

    /// The slope of the line through the memory, by least squares.
    var megabytesPerSecond: Double {
        let times = samples.map(\.time)
        let middle = mean(times)
        let spread = times.reduce(0) { $0 + ($1 - middle) * ($1 - middle) }
        guard spread > 0 else { return 0 }
        let average = mean(samples.map(\.residentMB))
        return samples.reduce(0) { $0 + ($1.time - middle) * ($1.residentMB - average) } / spread
    }

    /// From the first to the last.
    var seconds: Double { (samples.last?.time ?? 0) - (samples.first?.time ?? 0) }
    var firstMB: Double { samples.first?.residentMB ?? 0 }
    var lastMB: Double { samples.last?.residentMB ?? 0 }
    /// The median of the first tenth and of the last: a reconnect has one more or less for a moment.
    var firstDescriptors: Int { descriptors(of: samples.prefix(tenth)) }
    var lastDescriptors: Int { descriptors(of: samples.suffix(tenth)) }

    private var tenth: Int { max(1, samples.count / 10) }
    private func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(max(1, values.count)) }
    private func descriptors(of part: ArraySlice<Sample>) -> Int {
        Int(part.map { Double($0.descriptors) }.percentile(0.5))
    }
}
