/// Imports only point down: every target sees what the table of rooms grants it, and no more.
struct ImportRule {
    var rooms = Room.all

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        try imports(in: tree) + dependencies(in: tree) + strangers(in: tree)
    }

    private func imports(in tree: SourceTree) throws -> [Complaint] {
        let pattern =
            #"^\s*(?:@\w+(?:\([^)]*\))?\s+)*(?:(?:public|package|internal|private|fileprivate)\s+)?"#
            + #"import\s+(?:(?:struct|class|enum|protocol|func|typealias|let|var)\s+)?(\w+)"#
        return try rooms.flatMap { room in
            let allowed = room.ours.union(room.packages).union(Room.system)
            return try tree.swift(in: room.folder).flatMap { file in
                try file.code.finds(pattern).filter { !allowed.contains($0.groups[1]) }.map { found in
                    file.complaint(
                        found.line, "\(room.name) imports \(found.groups[1]), which its room does not see",
                        "Put the code where that is visible, or argue for a new line in the table of Room.swift "
                            + "and docs/architecture.md.")
                }
            }
        }
    }

    /// What Package.swift grants beyond the table.
    private func dependencies(in tree: SourceTree) throws -> [Complaint] {
        guard let file = tree.file("Package.swift") else { return [] }
        return try Manifest(file).targets.filter { !$0.isTest && $0.kind != "systemLibrary" }.flatMap { target in
            guard let room = rooms.first(where: { $0.name == target.name }) else {
                return [
                    file.complaint(
                        target.line, "the target \(target.name) has no row in the table",
                        "Give it one in Room.swift and in docs/architecture.md.")
                ]
            }
            return target.dependencies.subtracting(room.ours).subtracting(room.packages).sorted().map {
                file.complaint(
                    target.line, "\(target.name) depends on \($0), which its room does not see",
                    "Remove the dependency, or argue for it in Room.swift and docs/architecture.md.")
            }
        }
    }

    /// Folders with sources that belong to no room.
    private func strangers(in tree: SourceTree) throws -> [Complaint] {
        let folders = Set(tree.swift(in: "Sources").compactMap { $0.parts.dropFirst().first })
        return folders.filter { folder in !rooms.contains { $0.folder == "Sources/\(folder)" } }.sorted().map {
            Complaint(
                path: "Sources/\($0)", line: nil, rule: "the folder belongs to no target of the table",
                remedy: "Give it a row in Room.swift and in docs/architecture.md.")
        }
    }
}
