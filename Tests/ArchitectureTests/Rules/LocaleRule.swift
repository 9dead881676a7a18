import Foundation

/// A file of a further language has sentences that exist, with their placeholders, and is part of the program.
struct LocaleRule {
    private static let folder = "Sources/App/Locales"

    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let locales = tree.files.filter { $0.isUnder(Self.folder) }
        guard !locales.isEmpty else { return [] }
        let calls = try tree.swift(in: "Sources").flatMap { try TextCall.all(in: $0) }
        let sentences = Dictionary(calls.map { ($0.literals["key"] ?? "", $0.literals["en"] ?? "") }) { first, _ in
            first
        }
        let manifest = tree.file("Package.swift")?.text ?? ""
        let list = tree.file("Sources/App/Languages.swift")?.text ?? ""
        return try locales.flatMap { file -> [Complaint] in
            let name = file.path.split(separator: "/").last.map(String.init) ?? ""
            func complain(_ rule: String, _ remedy: String) -> Complaint {
                Complaint(path: file.path, line: nil, rule: rule, remedy: remedy)
            }
            guard name.wholeMatch(of: /[a-z]{2,3}\.json/) != nil else {
                return [complain("is no file of a language", "Name it by its code of ISO 639-1, such as fr.json.")]
            }
            guard let overlay = try? JSONDecoder().decode([String: String].self, from: Data(file.text.utf8)) else {
                return [complain("is not JSON of sentences by key", "Write {\"key\": \"sentence\"}.")]
            }
            var found: [Complaint] = []
            if !manifest.contains(".embedInCode(\"Locales/\(name)\")") {
                found.append(complain("is not compiled in", "Embed it in Package.swift; see docs/adding/language.md."))
            }
            if !list.contains("PackageResources.\(name.replacing(".", with: "_"))") {
                found.append(complain("is not named in Languages.swift", "Add it there; see docs/adding/language.md."))
            }
            for (key, sentence) in overlay.sorted(by: { $0.key < $1.key }) {
                guard let english = sentences[key] else {
                    found.append(complain("\(key) is the key of no sentence", "Correct or remove it."))
                    continue
                }
                if try placeholders(sentence) != placeholders(english) {
                    found.append(complain("\(key) has other placeholders than in English", "Use the same {names}."))
                }
            }
            return found
        }
    }

    private func placeholders(_ text: String) throws -> Set<String> {
        Set(try text.finds(#"\{(\w+)\}"#).map { $0.groups[1] })
    }
}
