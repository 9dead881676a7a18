/// The code of the product holds no construct from the list, except where the list itself gives a reason.
struct ForbiddenConstructRule {
    var constructs = Construct.all

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        try tree.swift(in: "Sources").flatMap { file in
            try constructs.flatMap { construct -> [Complaint] in
                if construct.allowed.keys.contains(where: { file.path.hasPrefix($0) }) { return [] }
                return try file.code.finds(construct.pattern)
                    .filter { !(construct.mayBeArgued && isArgued($0.line, in: file)) }
                    .map { file.complaint($0.line, "\(construct.name) is not allowed here", construct.remedy) }
            }
        }
    }

    private func isArgued(_ line: Int, in file: SourceFile) -> Bool {
        let comments = file.comments.split(separator: "\n", omittingEmptySubsequences: false)
        return [line - 2, line - 1].contains { comments.indices.contains($0) && comments[$0].contains("//") }
    }
}
