import BotKit
import Foundation
import Testing

@testable import App

/// The catalogue of errors and alerts is whole, and its page is the catalogue.
@Suite struct ErrorsPageTests {
    private let sources: [(path: String, text: String)]

    init() throws {
        let folder = Documents.root.appending(path: "Sources")
        let files = FileManager.default.enumerator(at: folder, includingPropertiesForKeys: nil)
        sources = try (files?.compactMap { $0 as? URL } ?? [])
            .filter { $0.pathExtension == "swift" && !$0.path.contains("/WhatsAppEmulator/") }
            .map { ($0.lastPathComponent, try String(contentsOf: $0, encoding: .utf8)) }
    }

    @Test func `the page is up to date`() throws {
        let page = Documents.root.appending(path: "docs/errors.md")
        #expect(
            try String(contentsOf: page, encoding: .utf8) == ErrorReference.markdown,
            "make it anew: martlet config --errors > docs/errors.md")
    }

    @Test func `every reason of a refusal is a code of the catalogue`() {
        var count = 0
        for source in sources {
            for match in source.text.matches(of: /Refusal\(\s*[^\n]*?reason:\s*"([^"]*)"/) {
                count += 1
                #expect(
                    ErrorCode.labelled(String(match.1))?.failureClass == .refusal,
                    "\(source.path): \"\(match.1)\" is in no catalogue: add it to ErrorCode+Refusals.swift")
            }
            // One that is no literal is not seen by this test.
            #expect(
                source.path == "Failures.swift" || !source.text.contains(/Refusal\([^\n]*reason: [a-z]/),
                "\(source.path): give the reason as a literal, or a code of the catalogue")
        }
        #expect(count > 15)
    }

    @Test func `every end of a reply that we name ourselves is a code of the catalogue`() {
        var count = 0
        for source in sources where source.path.hasPrefix("Outbox") || source.path == "GiveUpParked.swift" {
            let ends = source.text.matches(of: /(?:problem: |\? |problem = '|code: )"?([a-z]+_[a-z_]+)["']/)
            for match in ends {
                count += 1
                #expect(ErrorCode.labelled(String(match.1)) != nil, "\(source.path): \(match.1)")
            }
        }
        #expect(count > 2)
    }

    @Test func `every kind of alert is in the catalogue`() {
        var kinds: Set<String> = []
        for source in sources {
            let patterns: [Regex<(Substring, Substring)>] = [
                /alerts\??\.(?:raise|end)\(\s*"([a-z_0-9]+)"/, /\balert\("([a-z_]+)"/,
                /"alert": "([a-z_]+)"/, /\("kind", "([a-z_]+)"\)\]/,
            ]
            for pattern in patterns {
                for match in source.text.matches(of: pattern) {
                    kinds.insert(String(match.1))
                    #expect(
                        AlertKind.named(String(match.1)) != nil,
                        "\(source.path): \"\(match.1)\" is in no catalogue: add it to AlertKind+Catalogue.swift")
                }
            }
        }
        #expect(kinds.count > 12, "\(kinds.sorted())")
    }

    @Test func `each alert is explained to the operator`() throws {
        let page = try #require(try Documents().pages["docs/operations.md"])
        for kind in AlertKind.all { #expect(page.contains("`\(kind.word)`"), "docs/operations.md lacks \(kind.word)") }
    }

    @Test func `the catalogue has each word once, and everything that somebody must know`() {
        #expect(Set(ErrorCode.all.map(\.label)).count == ErrorCode.all.count)
        #expect(Set(ErrorCode.all.map(\.name)).count == ErrorCode.all.count)
        #expect(Set(AlertKind.all.map(\.word)).count == AlertKind.all.count)
        for code in ErrorCode.all {
            #expect(code.label.wholeMatch(of: /[a-z][a-z0-9_]*/) != nil, "\(code.label)")
            #expect(code.cause.hasSuffix(".") && code.remedy.hasSuffix("."), "\(code.label)")
        }
        let original = [
            "FILE_TOO_LARGE", "API_RATE_LIMIT", "INSUFFICIENT_PERMISSIONS", "OPENAI_API_ERROR", "DATABASE_ERROR",
            "QUEUE_FULL",
        ]
        #expect(Set(original).isSubset(of: ErrorCode.all.map(\.name)))
    }

    @Test func `a failure that no member caused has words for the member and a reference in them`() {
        struct Stranger: Error {}
        let failures: [any Error] = [
            Outage("model", "x"), Outage("disk", "x"), Outage("media", "x"), Outage("new", "x"), Defect("x"),
            Misconfiguration("X", "y", remedy: "z"), ModelFault(code: "bad", remedy: "x"), DatabaseError.full,
            DatabaseError.conflict, DatabaseError.unexpected("x"), Stranger(),
        ]
        for failure in failures {
            #expect(failure.catalogued.text?.english.contains("{reference}") == true, "\(failure)")
            #expect(failure.catalogued.text?.hebrew.contains("{reference}") == true, "\(failure)")
        }
    }
}
