/// No file that a person wrote is longer than 400 lines.
struct FileLengthRule {
    var limit = 400

    func complaints(in tree: SourceTree) -> [Complaint] {
        tree.swift(in: "Sources", "Tests", "Benchmarks", "Fuzz").compactMap { file in
            let count = file.lines.count - (file.text.hasSuffix("\n") ? 1 : 0)
            guard count > limit else { return nil }
            return file.complaint(
                nil, "the file has \(count) lines, \(limit) are allowed",
                "Split it: one main type a file, extensions in Type+Topic.swift.")
        }
    }
}
