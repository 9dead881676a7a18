import Foundation

/// A result, printed as `name value unit` on a line of its own.
struct Figure: Sendable {
    let name: String
    let value: String
    let unit: String

    init(_ name: String, _ value: Int, _ unit: String = "count") {
        self.name = name
        self.value = "\(value)"
        self.unit = unit
    }

    /// - Parameter digits: behind the point.
    init(_ name: String, _ value: Double, _ unit: String, digits: Int = 1) {
        self.name = name
        self.value = String(format: "%.\(digits)f", value)
        self.unit = unit
    }

    func print() { FileHandle.standardOutput.write(Data("\(name) \(value) \(unit)\n".utf8)) }
}

/// What stands in the way, in words for whoever runs the program.
struct BenchmarkFailure: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// Tells on standard error how it goes.
func note(_ text: String) { FileHandle.standardError.write(Data("\(text)\n".utf8)) }

extension Duration {
    /// The span in milliseconds.
    var inMilliseconds: Double { inSeconds * 1000 }
    /// The span in seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

extension [Double] {
    /// The value that the part `share` (0...1) of all does not exceed; 0 of none.
    func percentile(_ share: Double) -> Double {
        let ordered = sorted()
        guard !ordered.isEmpty else { return 0 }
        return ordered[Swift.min(ordered.count - 1, Int(Double(ordered.count) * share))]
    }
}
