/// Every table says beside its migration what it holds about people, and nothing is said of tables that are not there.
struct PersonalDataRule {
    /// Tables of the machinery, which hold nothing but the schema's own history.
    var exempt: Set<String> = ["migration"]
    /// Targets that make tables only for tests.
    var testTargets: Set<String> = ["TestKit", "Benchmarks", "WhatsAppEmulator"]

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let files = tree.swift(in: "Sources").filter { $0.parts.count > 2 && !testTargets.contains($0.parts[1]) }
        let tables = try places(in: files) {
            try $0.strings.finds(#"\bCREATE\s+(?:VIRTUAL\s+)?TABLE\s+(?:IF\s+NOT\s+EXISTS\s+)?(\w+)"#)
        }
        let declared = try places(in: files) { file in
            try file.text.finds(#"(?:\bPersonalData|\.none)\(\s*"(\w+)""#)
        }
        let undeclared = tables.filter { table in
            !exempt.contains(table.name) && !declared.contains { $0.room == table.room && $0.name == table.name }
        }
        let unmade = declared.filter { one in !tables.contains { $0.room == one.room && $0.name == one.name } }
        return undeclared.map {
            $0.file.complaint(
                $0.line, "the table \($0.name) does not say what it holds about people",
                "Declare PersonalData(\"\($0.name)\", …) or .none(\"\($0.name)\") in the same target.")
        }
            + unmade.map {
                $0.file.complaint(
                    $0.line,
                    "personal data is declared for \($0.name), but no migration of the target makes that table",
                    "Name the table as its CREATE TABLE does, or remove the declaration.")
            }
    }

    private struct Place {
        let room: String
        let name: String
        let file: SourceFile
        let line: Int
    }

    private func places(in files: [SourceFile], _ find: (SourceFile) throws -> [Found]) throws -> [Place] {
        try files.flatMap { file in
            try find(file).map { Place(room: file.parts[1], name: $0.groups[1], file: file, line: $0.line) }
        }
    }
}
