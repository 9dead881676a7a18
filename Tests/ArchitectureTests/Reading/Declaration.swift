/// A type that a file declares or extends.
struct Declaration {
    enum Kind: String { case `struct`, `enum`, `class`, `actor`, `protocol`, `typealias`, `extension` }

    let kind: Kind
    /// As written: an extension's name may have dots.
    let name: String
    let modifiers: String
    /// How many braces are open around it.
    let depth: Int
    /// In UTF-16 units from the start of the file.
    let offset: Int
    let line: Int

    var isPrivate: Bool { modifiers.contains("private") }
}

extension SourceFile {
    /// All types that the file declares or extends, in order.
    func declarations() throws -> [Declaration] {
        let depths = braceDepths
        let modifiers =
            #"(?:@\w+(?:\([^)]*\))?\s+|(?:public|package|internal|private|fileprivate|open|final|indirect|"#
            + #"nonisolated|distributed)\s+)*"#
        let pattern =
            "(?<![\\w.`@])(\(modifiers))\\b(struct|enum|class|actor|protocol|typealias|extension)"
            + #"\s+(?!func\b|var\b|let\b|subscript\b)([A-Z][\w.]*)"#
        return try code.finds(pattern).compactMap { found in
            guard let kind = Declaration.Kind(rawValue: found.groups[2]) else { return nil }
            return Declaration(
                kind: kind, name: found.groups[3], modifiers: found.groups[1], depth: depths[found.offset],
                offset: found.offset, line: found.line)
        }
    }

    /// The number of open braces before each UTF-16 unit of the code.
    var braceDepths: [Int] {
        var depth = 0
        return code.utf16.map { unit in
            if unit == 0x7D { depth -= 1 }
            defer { if unit == 0x7B { depth += 1 } }
            return depth
        }
    }
}
