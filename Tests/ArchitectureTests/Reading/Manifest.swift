import Foundation

/// The targets that Package.swift declares.
struct Manifest {
    struct Target {
        let kind: String
        let name: String
        /// The targets and the products of other packages that it depends on.
        let dependencies: Set<String>
        let call: String
        let line: Int
        var isTest: Bool { kind == "testTarget" }
    }

    let targets: [Target]

    init(_ file: SourceFile) throws {
        let products = try Dictionary(
            file.text.finds(#"let (\w+) = Target\.Dependency\.product\(name: "([^"]+)""#)
                .map { ($0.groups[1], $0.groups[2]) }, uniquingKeysWith: { first, _ in first })
        let whole = file.text as NSString
        let calls = try file.code.finds(#"\.(target|executableTarget|testTarget|systemLibrary|macro|plugin)\("#)
        targets = try calls.map { found in
            let length = Self.lengthOfCall(in: file.code, from: found.offset)
            let call = whole.substring(with: NSRange(location: found.offset, length: length))
            let list = try call.finds(#"dependencies:\s*\[([^\]]*)\]"#).first?.groups[1] ?? ""
            let dependencies = try list.finds(#"\.product\(name: "([^"]+)"[^)]*\)|"([^"]+)"|\b([a-z]\w*)\b"#)
                .compactMap { item -> String? in
                    let own = [item.groups[1], item.groups[2]].first { !$0.isEmpty }
                    return own ?? products[item.groups[3]]
                }
            return Target(
                kind: found.groups[1], name: try call.finds(#"name: "([^"]+)""#).first?.groups[1] ?? "",
                dependencies: Set(dependencies), call: call, line: found.line)
        }
    }

    /// How many UTF-16 units of `code` the call that starts at `offset` takes, to its closing parenthesis.
    private static func lengthOfCall(in code: String, from offset: Int) -> Int {
        var depth = 0
        var length = 0
        for unit in code.utf16.dropFirst(offset) {
            length += 1
            if unit == 0x28 { depth += 1 }
            if unit == 0x29 {
                depth -= 1
                if depth == 0 { break }
            }
        }
        return length
    }
}
