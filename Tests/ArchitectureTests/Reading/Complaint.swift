/// A place in the sources that breaks a rule, and what to do about it.
struct Complaint: Hashable, CustomStringConvertible {
    let path: String
    /// 1 for the first line; `nil` when the whole file is meant.
    let line: Int?
    let rule: String
    let remedy: String

    var description: String {
        "\(path)\(line.map { ":\($0)" } ?? ""): \(rule). \(remedy)"
    }
}
