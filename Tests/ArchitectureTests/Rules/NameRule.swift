/// Names are whole words that say what a thing is, and a file is named after what it holds.
struct NameRule {
    /// Files that hold a family of small types on purpose, and why.
    var families = [
        "Sources/BotKit/Failures/Failures.swift": "the four failures, one for each class, are read side by side",
        "Sources/BotKit/Ports/Messaging.swift": "the ports between the line and the networks are read together",
        "Sources/WhatsAppCloud/Webhook/Decoding/Identifiers.swift":
            "the names of the Cloud API's things, one shape each",
        "Sources/App/Features.swift": "the register of the features",
        "Sources/App/Providers.swift": "the register of the networks",
        "Sources/App/Stores.swift": "the register of the stores",
        "Sources/App/Languages.swift": "the register of the languages",
    ]

    private let emptyName = #"^Default[A-Z]|(Manager|Helper|Helpers|Util|Utils|Utilities|Impl)(\+|$)|^Common(?![a-z])"#

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let all = tree.swift(in: "Sources", "Tests", "Benchmarks", "Fuzz")
        let named = try all.flatMap { file -> [Complaint] in
            let types = try file.declarations().filter { $0.kind != .extension }
            let bad = try types.filter { try $0.name.matches(emptyName) }.map { ($0.name, Optional($0.line)) }
            let badFile = try file.stem.matches(emptyName) ? [(file.name, Int?.none)] : []
            return (bad + badFile).map {
                file.complaint($0.1, "the name \($0.0) says nothing", "Name what it is or does in the product.")
            }
        }
        return try named
            + tree.swift(in: "Sources").filter { try !isNamedAfterItsContent($0) }.map {
                $0.complaint(
                    nil, "the file declares no type of its name",
                    "Name it after its main type, or Type+Topic.swift when it extends one.")
            }
    }

    private func isNamedAfterItsContent(_ file: SourceFile) throws -> Bool {
        if file.name == "main.swift" || families[file.path] != nil { return true }
        let types = try file.declarations().filter { $0.depth == 0 }
        let own = file.stem.split(separator: "+").map(String.init)
        if types.contains(where: { own.contains($0.name) || own.contains($0.name.replacing(".", with: "")) }) {
            return true
        }
        if types.contains(where: { type in own.contains { type.name.hasSuffix("." + $0) } }) { return true }
        // A topic of a type of the standard library: `extension [UInt8]`.
        if types.isEmpty { return try file.code.matches(#"^extension \["#) }
        let declared = types.filter { $0.kind != .extension && !$0.isPrivate }
        return isFamily(file.stem, of: types.map(\.name))
            || (declared.count > 1 && declared.allSatisfy { $0.name.hasPrefix(file.stem) })
    }

    /// Whether `stem` is the plural of what one of `names` is: `Prices` of `Price`, `StoreCommands` of `BackupCommand`.
    private func isFamily(_ stem: String, of names: [String]) -> Bool {
        guard stem.hasSuffix("s"), let start = stem.lastIndex(where: \.isUppercase) else { return false }
        let plural = String(stem[start...])
        let singulars =
            [String(plural.dropLast()), plural] + (plural.hasSuffix("ies") ? [plural.dropLast(3) + "y"] : [])
        return names.contains { name in singulars.contains { name == $0 || name.hasSuffix($0) } }
    }
}
