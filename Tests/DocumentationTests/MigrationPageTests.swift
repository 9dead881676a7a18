import Foundation
import Testing

@testable import App

/// The page for those who come from an earlier bot says what the code does.
@Suite struct MigrationPageTests {
    let page: String

    init() throws { page = try #require(try Documents().pages["docs/migration.md"]) }

    @Test func `the table of variables is the one in the code`() {
        #expect(page.hasSuffix("\n\n\(EarlierVariable.markdown)"), "make it anew: martlet import-env --table")
    }

    @Test func `every command that the page says is there is a command, and no other`() async throws {
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| `!") }.map {
            $0.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
        }
        #expect(rows.count > 8)
        let words = try knownWords()
        for row in rows {
            let first = try #require(row[0].firstMatch(of: /`!([a-z-]+)/)).1
            #expect(
                words.contains(String(first)) != row[1].hasPrefix("not there yet"), "\(row[0]) is said to be: \(row[1])"
            )
        }
    }

    /// The words that stand in the lists of our commands' sources.
    private func knownWords() throws -> Set<String> {
        let folder = Documents.root.appending(path: "Sources/Features")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        var words: Set<String> = []
        for case let file as URL in files ?? .init() where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for list in text.matches(of: /words: Set<String> (?:=|\{) (.*)/) {
                words.formUnion(list.1.matches(of: /"([a-z\-]+)"/).map { String($0.1) })
            }
        }
        return words
    }
}
