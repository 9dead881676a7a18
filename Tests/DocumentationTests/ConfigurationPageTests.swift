import Foundation
import Testing

@testable import App

/// The reference page of the settings is what the settings say of themselves.
@Suite struct ConfigurationPageTests {
    @Test func `the page of settings is up to date`() throws {
        let page = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/configuration.md")
        #expect(
            try String(contentsOf: page, encoding: .utf8) == ConfigurationReference.markdown,
            "make it anew: martlet config --reference > docs/configuration.md")
    }
}
