import BotKit
import Foundation
import Testing

/// Every sentence of the features, as it stands in their sources.
@Suite struct TextsTests {
    struct Sentence: CustomStringConvertible, Sendable {
        let key: String
        let english: String
        let hebrew: String
        var description: String { key }
    }

    static let all: [Sentence] = {
        let sources = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "Sources/Features")
        let files =
            FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil)?
            .compactMap { $0 as? URL }.filter { $0.pathExtension == "swift" } ?? []
        let quoted = #"("""[\s\S]*?"""|"(?:[^"\\]|\\.)*")"#
        guard let pattern = try? Regex(#"Text\(\s*"([a-z_.]+)",\s*en:\s*"# + quoted + #",\s*he:\s*"# + quoted) else {
            return []
        }
        return files.flatMap { file -> [Sentence] in
            let source = (try? String(contentsOf: file, encoding: .utf8)) ?? ""
            return source.matches(of: pattern).compactMap { match in
                guard let key = match.output[1].substring, let english = match.output[2].substring,
                    let hebrew = match.output[3].substring
                else { return nil }
                return Sentence(key: String(key), english: String(english), hebrew: String(hebrew))
            }
        }
    }()

    @Test func `are found, and each has a name of its own`() {
        #expect(Self.all.count >= 15)
        #expect(Set(Self.all.map(\.key)).count == Self.all.count)
    }

    @Test(arguments: all)
    func `speak both languages with the same placeholders`(_ sentence: Sentence) throws {
        func letters(_ text: String) -> Int { text.unicodeScalars.count { (0x05D0...0x05EA).contains($0.value) } }
        #expect(letters(sentence.hebrew) >= 2)
        #expect(letters(sentence.english) == 0)
        #expect(sentence.english.contains { $0.isLetter })
        let placeholder = try Regex(#"\{[a-z]+\}"#)
        func names(_ text: String) -> [String] { text.matches(of: placeholder).map { String(text[$0.range]) }.sorted() }
        #expect(names(sentence.english) == names(sentence.hebrew))
    }
}
