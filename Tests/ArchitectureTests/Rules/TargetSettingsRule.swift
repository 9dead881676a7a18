/// Every target is compiled with the strict settings of Package.swift.
struct TargetSettingsRule {
    func complaints(in tree: SourceTree) throws -> [Complaint] {
        guard let file = tree.file("Package.swift") else {
            return [Complaint(path: "Package.swift", line: nil, rule: "the manifest is not there", remedy: "Add it.")]
        }
        return try Manifest(file).targets.filter { $0.kind != "systemLibrary" }.compactMap { target in
            guard try !target.call.matches(#"swiftSettings:\s*strict\b"#) else { return nil }
            return file.complaint(
                target.line, "the target \(target.name) is not compiled with the strict settings",
                "Give it swiftSettings: strict.")
        }
    }
}
