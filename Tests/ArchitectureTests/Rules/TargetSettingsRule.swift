/// Every target is compiled with the strict settings of Package.swift; what a tool wrote has settings of its own.
struct TargetSettingsRule {
    /// The targets that hold nothing but generated code.
    private static let generated: Set<String> = ["WhatsAppProto"]

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        guard let file = tree.file("Package.swift") else {
            return [Complaint(path: "Package.swift", line: nil, rule: "the manifest is not there", remedy: "Add it.")]
        }
        return try Manifest(file).targets.filter { $0.kind != "systemLibrary" }.compactMap { target in
            let settings = Self.generated.contains(target.name) ? "generated" : "strict"
            guard try !target.call.matches(#"swiftSettings:\s*\#(settings)\b"#) else { return nil }
            return file.complaint(
                target.line, "the target \(target.name) is not compiled with the \(settings) settings",
                "Give it swiftSettings: \(settings).")
        }
    }
}
