/// Nobody puts invisible direction marks into a source by hand: one place adds them to words, by escape.
///
/// The marks are those of Unicode Standard Annex 9. Unseen they survive every edit round them and turn up where they do
/// not belong; a reader cannot tell whether they are there.
struct DirectionMarkRule {
    /// Where the escapes may stand in the product, and why.
    var allowed: [String: String] = [
        "Sources/BotKit/Model/String+Direction.swift": "the one place that adds them",
        "Sources/TestKit/": "stores are tested with them",
    ]
    /// The endings of texts that people write.
    var endings = [".swift", ".md", ".py", ".sh", ".html"]

    private static let marks: [ClosedRange<UInt32>] = [
        0x061C...0x061C, 0x200E...0x200F, 0x202A...0x202E, 0x2066...0x2069,
    ]

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        try tree.files.flatMap { file -> [Complaint] in
            guard endings.contains(where: file.path.hasSuffix) else { return [] }
            return written(in: file) + (try escaped(in: file))
        }
    }

    private func written(in file: SourceFile) -> [Complaint] {
        guard file.text.unicodeScalars.contains(where: Self.isMark) else { return [] }
        return file.lines.enumerated().filter { $0.element.unicodeScalars.contains(where: Self.isMark) }.map { line in
            file.complaint(
                line.offset + 1, "the line has an invisible direction mark",
                "Remove it: Phrasebook isolates commands and values. In a test write it as an escape.")
        }
    }

    private func escaped(in file: SourceFile) throws -> [Complaint] {
        guard file.isSwift, file.isUnder("Sources"), !allowed.keys.contains(where: file.path.hasPrefix) else {
            return []
        }
        return try file.strings.finds(#"\\u\{0*(61[Cc]|200[EFef]|202[A-Ea-e]|206[6-9])\}"#).map { found in
            file.complaint(
                found.line, "a direction mark is put into words here",
                "Leave that to Phrasebook, or argue for another place in DirectionMarkRule.")
        }
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        scalar.value >= 0x061C && marks.contains { $0.contains(scalar.value) }
    }
}
