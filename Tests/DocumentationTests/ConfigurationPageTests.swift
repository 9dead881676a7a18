import BotKit
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

    @Test func `every number says what 0 does, or why it is refused`() throws {
        let numbers = ProductSettings.groups.flatMap { $0.settings }.filter {
            $0.shape.contains(/^(an integer|milliseconds|seconds) from/)
        }
        #expect(numbers.count > 40)
        for setting in numbers {
            let takesZero = setting.shape.contains(" from 0 to ")
            let isSaid =
                takesZero ? setting.purpose.contains(/\b0\b/) : setting.purpose.contains("Cannot be 0: ")
            #expect(isSaid, "\(setting.name) does not say what 0 does or why it is refused")
        }
    }
}
