import Foundation

/// Every sentence for a member stands there in English and Hebrew, under a key of its own.
struct TextRule {
    func complaints(in tree: SourceTree) throws -> [Complaint] {
        let files = tree.swift(in: "Sources")
        var first: [String: String] = [:]
        return try files.flatMap { file in
            try TextCall.all(in: file).flatMap { call -> [Complaint] in
                var found = try problems(of: call, in: file)
                let key = call.literals["key"] ?? ""
                if let place = first[key] {
                    found.append(("the key \(key) is used in \(place) too", "Give each sentence a key of its own."))
                } else {
                    first[key] = "\(file.path):\(call.line)"
                }
                return found.map { file.complaint(call.line, $0.rule, $0.remedy) }
            }
        }
    }

    private typealias Problem = (rule: String, remedy: String)

    private func problems(of call: TextCall, in file: SourceFile) throws -> [Problem] {
        let key = call.literals["key"] ?? ""
        let english = call.literals["en"] ?? ""
        let hebrew = call.literals["he"] ?? ""
        var problems: [Problem] = []
        if try !key.matches(#"^[a-z][A-Za-z0-9]*(\.[a-z][A-Za-z0-9_]*)+$"#) {
            problems.append(("the key \"\(key)\" is not feature.what", "Write two words with a dot between."))
        }
        if file.isUnder("Sources/Features"), file.parts.count > 3,
            key.prefix(while: { $0 != "." }).lowercased() != file.parts[2].lowercased()
        {
            problems.append(
                ("the key \(key) does not begin with its feature", "Begin it with \(file.parts[2].lowercased())."))
        }
        if english.isEmpty { problems.append(("\(key) has no English", "Write the sentence after en:.")) }
        if hebrew.isEmpty { problems.append(("\(key) has no Hebrew", "Write the sentence after he:.")) }
        if !hebrew.isEmpty, saysSomething(english), !hasHebrew(hebrew) {
            problems.append(("the Hebrew of \(key) has no Hebrew letter", "Translate it."))
        }
        if try placeholders(english) != placeholders(hebrew) {
            problems.append(
                ("the placeholders of \(key) differ between the languages", "Use the same {names} in both."))
        }
        if !call.interpolated.isEmpty {
            problems.append(("\(key) builds its sentence by interpolation", "Use {placeholders} and with(_:)."))
        }
        return problems
    }

    private func placeholders(_ text: String) throws -> Set<String> {
        Set(try text.finds(#"\{(\w+)\}"#).map { $0.groups[1] })
    }

    /// Whether there is a letter outside placeholders, so that there is something to translate.
    private func saysSomething(_ text: String) -> Bool {
        text.replacingOccurrences(of: #"\{\w+\}"#, with: "", options: .regularExpression).contains(where: \.isLetter)
    }

    private func hasHebrew(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x5D0...0x5EA).contains($0.value) }
    }
}
