import Foundation

/// A file's name that somebody else chose, made harmless: it names no folder, hides nothing, and fits a file system.
public enum FileName {
    /// What most file systems take, in bytes of UTF-8.
    private static let longest = 200
    /// What Windows does not take for a file, whatever ending it has.
    private static let devices = Set(
        ["con", "prn", "aux", "nul"] + (0...9).flatMap { ["com\($0)", "lpt\($0)"] })

    /// - Parameters:
    ///   - name: whatever came over a network.
    ///   - fallback: what it is called when nothing is left.
    /// - Returns: one component of a path: without separators, control characters, marks that change the direction of
    ///   what follows, dots at its begin and end; at most 200 bytes, of which a short ending is kept.
    public static func safe(_ name: String, or fallback: String = "file") -> String {
        // By scalars: a separator with a mark on it is another character, and a separator all the same.
        let scalars = name.precomposedStringWithCanonicalMapping.unicodeScalars
        let last = scalars.split { $0 == "/" || $0 == "\\" }.last.map(Array.init) ?? []
        let kept = last.filter { scalar in
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .lineSeparator, .paragraphSeparator, .unassigned, .privateUse: false
            default: !#"<>:"|?*"#.unicodeScalars.contains(scalar)
            }
        }
        let trimmed = String(String.UnicodeScalarView(kept))
            .trimmingCharacters(in: .whitespaces.union(CharacterSet(charactersIn: ".")))
        guard !trimmed.isEmpty else { return fallback }
        let stem = trimmed.prefix { $0 != "." }.lowercased().trimmingCharacters(in: .whitespaces)
        return short(devices.contains(stem) ? "_\(trimmed)" : trimmed)
    }

    private static func short(_ name: String) -> String {
        guard name.utf8.count > longest else { return name }
        let dot = name.lastIndex(of: ".")
        let ending = dot.map { String(name[$0...]) } ?? ""
        guard let dot, ending.utf8.count <= 16 else { return cut(name, to: longest) }
        return cut(String(name[..<dot]), to: longest - ending.utf8.count) + ending
    }

    private static func cut(_ text: String, to bytes: Int) -> String {
        var kept = String.UnicodeScalarView()
        var count = 0
        // Not by characters: one may have any number of marks, and would be left out as a whole.
        for scalar in text.unicodeScalars {
            count += UTF8.width(scalar)
            guard count <= bytes else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
