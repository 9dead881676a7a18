/// Writes numbers, names and labels in the Prometheus text format, version 0.0.4
/// (Prometheus documentation, Exposition formats).
enum PrometheusText {
    static let contentType = "text/plain; version=0.0.4; charset=utf-8"
    private static let valueLimit = 128

    /// A metric name of the allowed characters; a name that starts with a digit gets an underscore before it.
    static func name(_ text: String) -> String { sanitised(text, allowsColon: true) }

    /// Labels as they are written: `{a="b",c="d"}`, or nothing. Of a repeated name the first value stays.
    ///
    /// `le` belongs to histograms and names with two underscores to Prometheus itself; both get the prefix `own_`.
    static func labels(_ dimensions: [(String, String)]) -> String {
        guard !dimensions.isEmpty else { return "" }
        var pairs: [(name: String, value: String)] = []
        for (name, value) in dimensions {
            var name = sanitised(name, allowsColon: false)
            if name == "le" || name.hasPrefix("__") { name = "own_\(name)" }
            guard !pairs.contains(where: { $0.name == name }) else { continue }
            pairs.append((name, escapedValue(value)))
        }
        pairs.sort { $0.name < $1.name }
        return "{" + pairs.map { "\($0.name)=\"\($0.value)\"" }.joined(separator: ",") + "}"
    }

    /// `labels` with one more at the end.
    static func labels(_ labels: String, adding name: String, _ value: String) -> String {
        labels.isEmpty ? "{\(name)=\"\(value)\"}" : "\(labels.dropLast()),\(name)=\"\(value)\"}"
    }

    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value.magnitude < 9e15, value == value.rounded() { return String(Int64(value)) }
        return "\(value)"
    }

    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    private static func sanitised(_ text: String, allowsColon: Bool) -> String {
        var result: [UInt8] = []
        for byte in text.utf8.prefix(valueLimit) {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "_"):
                result.append(byte)
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                if result.isEmpty { result.append(UInt8(ascii: "_")) }
                result.append(byte)
            case UInt8(ascii: ":") where allowsColon: result.append(byte)
            default: result.append(UInt8(ascii: "_"))
            }
        }
        return result.isEmpty ? "_" : String(decoding: result, as: UTF8.self)
    }

    private static func escapedValue(_ value: String) -> String {
        var result = ""
        for scalar in value.unicodeScalars.prefix(valueLimit) {
            switch scalar {
            case "\\": result += "\\\\"
            case "\"": result += "\\\""
            case "\n": result += "\\n"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }
}
