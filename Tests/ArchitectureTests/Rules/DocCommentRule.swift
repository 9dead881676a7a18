/// Every public type and function of the modules that others build on has a doc comment.
struct DocCommentRule {
    var folders = ["Sources/BotKit", "Sources/WhatsAppCloud"]
    /// Requirements of protocols that are documented elsewhere.
    var witnesses: Set<String> = ["hash", "encode", "run", "==", "<", "next", "makeAsyncIterator"]

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let files = folders.flatMap { tree.swift(in: $0) }
        let exempt = try witnesses.union(files.flatMap(requirements))
        return try files.flatMap { file in
            let lines = file.lines
            return try file.code.finds(pattern).compactMap { found -> Complaint? in
                let (kind, name) = (found.groups[1], found.groups[2])
                if kind == "func", exempt.contains(name) { return nil }
                if isDocumented(found.line - 1, lines) { return nil }
                return file.complaint(
                    found.line, "public \(kind) \(name) has no doc comment",
                    "Write one sentence on what it gives; then only what the signature cannot say.")
            }
        }
    }

    private let pattern =
        #"^[ \t]*(?:@\w+(?:\([^)]*\))?\s+)*public\s+(?:(?:static|final|mutating|nonisolated|indirect|"#
        + #"prefix|consuming)\s+)*(struct|enum|class|actor|protocol|typealias|func|subscript)\s*([\w=<`]*)"#

    /// The functions that the file's protocols require; whoever gives them need not document them again.
    private func requirements(of file: SourceFile) throws -> [String] {
        let depths = file.braceDepths
        let functions = try file.code.finds(#"\bfunc\s+(\w+)"#)
        return try file.declarations().filter { $0.kind == .protocol }.flatMap { type in
            let body = depths.indices.dropFirst(type.offset).drop { depths[$0] == type.depth }
                .prefix { depths[$0] > type.depth }
            return functions.filter { body.contains($0.offset) && depths[$0.offset] == type.depth + 1 }
                .map { $0.groups[1] }
        }
    }

    /// Whether the nearest line above that is no attribute is a doc comment.
    private func isDocumented(_ index: Int, _ lines: [Substring]) -> Bool {
        for line in lines[..<index].reversed() {
            let text = line.drop { $0 == " " }
            if text.hasPrefix("@") { continue }
            return text.hasPrefix("///")
        }
        return false
    }
}
