/// No line that a person wrote is longer than 120 columns, as `.swift-format` has it: the formatter itself leaves long
/// literals and comments alone.
struct LineLengthRule {
    var limit = 120

    func complaints(in tree: SourceTree) -> [Complaint] {
        tree.swift(in: "Sources", "Tests", "Benchmarks", "Fuzz").flatMap { file in
            // Most lines are short in bytes already; only the others are counted in characters.
            file.lines.enumerated().filter { $0.element.utf8.count > limit && $0.element.count > limit }.map { line in
                file.complaint(
                    line.offset + 1, "the line has \(line.element.count) columns, \(limit) are allowed",
                    "Break it; a long literal continues behind a backslash in a literal of several lines.")
            }
        }
    }
}
