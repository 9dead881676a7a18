/// No feature names another: a type of one folder of Sources/Features is named in no other folder there.
struct FeatureIsolationRule {
    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let files = tree.swift(in: "Sources/Features").filter { $0.parts.count > 3 }
        var owners: [String: String] = [:]
        /// All names that a folder declares itself; they hide equal names of others.
        var own: [String: Set<String>] = [:]
        for file in files {
            for type in try file.declarations() where type.kind != .extension {
                own[file.parts[2], default: []].insert(type.name)
                if type.depth == 0, !type.isPrivate { owners[type.name] = file.parts[2] }
            }
        }
        return try files.flatMap { file -> [Complaint] in
            var seen: Set<String> = []
            return try file.code.finds(#"(?<![\w.])[A-Z]\w*"#).compactMap { found in
                let name = found.groups[0]
                let isOwn = own[file.parts[2]]?.contains(name) ?? false
                guard !isOwn, let owner = owners[name], owner != file.parts[2], seen.insert(name).inserted else {
                    return nil
                }
                return file.complaint(
                    found.line, "\(file.parts[2]) names \(name) of the feature \(owner)",
                    "Move what both need to BotKit as a port, or let a job or a message carry it.")
            }
        }
    }
}
