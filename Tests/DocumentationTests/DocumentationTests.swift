import BotKit
import Foundation
import Testing

@testable import App

/// What the documentation shows is compiled, run where it can be, and leads where it says.
@Suite struct DocumentationTests {
    let documents: Documents

    init() throws { documents = try Documents() }

    @Test func `every Swift block is a file that is compiled, and every such file is shown`() throws {
        let folder = Documents.root.appending(path: "Tests/DocumentationTests/Snippets")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).filter { $0.hasSuffix(".swift") }
        let snippets = try names.sorted().map { name in
            (name: name, text: try String(contentsOf: folder.appending(path: name), encoding: .utf8))
        }
        let blocks = documents.blocks.filter { $0.language == "swift" }
        #expect(!blocks.isEmpty)
        for block in blocks where !snippets.contains(where: { $0.text == block.text }) {
            let firstLines = block.text.split(separator: "\n").prefix(3).joined(separator: " / ")
            Issue.record("\(block.page): \"\(firstLines)…\" equals no file in Snippets. Copy one into the other.")
        }
        for snippet in snippets where !blocks.contains(where: { $0.text == snippet.text }) {
            Issue.record("Snippets/\(snippet.name) is shown on no page. Show it, or remove it.")
        }
    }

    @Test func `every link to a file leads somewhere`() throws {
        for link in documents.links {
            // Made from the settings by the program itself and checked where that happens.
            if link.target.hasSuffix("configuration.md") { continue }
            let target = Documents.root.appending(path: link.page).deletingLastPathComponent()
                .appending(path: link.target)
            #expect(
                FileManager.default.fileExists(atPath: target.standardizedFileURL.path),
                "\(link.page) links to \(link.target), which is not there")
        }
    }

    @Test func `the overlay of another language holds known keys with the same placeholders`() throws {
        let block = try #require(
            documents.blocks.first { $0.page == "docs/adding/language.md" && $0.language == "json" })
        // Compiled in and read as the page says.
        #expect(block.text == String(decoding: PackageResources.fr_json, as: UTF8.self))
        let overlay = try JSONDecoder().decode([String: String].self, from: Data(block.text.utf8))
        let phrasebook = try Languages.phrasebook(["fr": PackageResources.fr_json])
        #expect(phrasebook.languages.contains("fr"))
        let sentences = [
            Text("dice.rolled", en: "You rolled {number}.", he: "יצא {number}.").with(["number": "4"]),
            Text("dice.sides", en: "A die has 2 to 1000 sides.", he: "לקובייה יש בין 2 ל־1000 פאות."),
        ]
        #expect(Set(overlay.keys) == Set(sentences.map(\.key)))
        for sentence in sentences {
            let french = phrasebook.string(sentence, in: "fr")
            #expect(french != phrasebook.string(sentence, in: .english))
            #expect(!french.contains("{") && !french.isEmpty)
        }
        let missing = Text("dice.usage", en: "throw a die", he: "הטלת קובייה")
        #expect(phrasebook.string(missing, in: "fr") == "throw a die")
    }

    @Test func `what a page replaces in a file is there`() throws {
        for block in documents.blocks.filter({ $0.language == "diff" }) {
            let page = try #require(documents.pages[block.page])
            let before = page[..<(try #require(page.range(of: block.text))).lowerBound]
            let path = try #require(before.matches(of: /`([\w\/]+\.swift)`/).last).1
            let file = try String(contentsOf: Documents.root.appending(path: String(path)), encoding: .utf8)
            let lines = block.text.split(separator: "\n").map { ($0.first, $0.dropFirst()) }
            let (old, new) = (lines.filter { $0.0 == "-" }.map(\.1), lines.filter { $0.0 == "+" }.map(\.1))
            #expect(!old.isEmpty && old.count == new.count)
            for (old, new) in zip(old, new) {
                // What both have must stand in the file: whoever followed the page has changed the rest.
                let start = old.commonPrefix(with: new)
                let end = String(String(old.reversed()).commonPrefix(with: String(new.reversed())).reversed())
                #expect(start.count + end.count > 30)
                #expect(file.contains(start) && file.contains(end), "\(block.page): \(path) has no line \(old)")
            }
        }
    }

    @Test func `decisions are numbered without gaps and say context, choice and cost`() {
        let records = documents.pages.filter { $0.key.hasPrefix("docs/decisions/0") }.sorted { $0.key < $1.key }
        #expect(!records.isEmpty)
        for (index, record) in records.enumerated() {
            let number = String(repeating: "0", count: 4 - "\(index + 1)".count) + "\(index + 1)"
            #expect(record.key.hasPrefix("docs/decisions/\(number)-"))
            for word in ["Context", "Choice", "Cost"] {
                #expect(record.value.contains("**\(word).**"), "\(record.key) says nothing about its \(word)")
            }
        }
    }
}
