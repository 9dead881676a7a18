/// What is left to do is an issue: a note in a comment carries its number.
struct TodoRule {
    func complaints(in tree: SourceTree) throws -> [Complaint] {
        try tree.swift(in: "Sources", "Tests", "Benchmarks", "Fuzz").flatMap { file in
            try file.comments.finds(#"\b(TODO|FIXME|XXX|HACK)\b(?!\(#\d+\))"#).map {
                file.complaint($0.line, "\($0.groups[1]) without an issue", "Write TODO(#12): what is left.")
            }
        }
    }
}
