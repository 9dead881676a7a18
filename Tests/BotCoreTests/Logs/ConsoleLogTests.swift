import BotKit
import Configuration
import Foundation
import Logging
import Testing

@testable import BotCore

@Suite struct ConsoleLogTests {
    private func line(_ message: String, _ metadata: Logger.Metadata = [:], isColoured: Bool = false) -> String {
        ConsoleLogHandler(
            label: "martlet", level: .trace, sink: .standardError, isColoured: isColoured,
            time: ManualTime(Date(milliseconds: 1_772_442_307_042))
        ).line(
            for: LogEvent(
                level: .warning, message: "\(message)", error: nil, metadata: metadata, source: nil, file: "a/b.swift",
                function: "f", line: 1))
    }

    @Test func `writes a line for people`() {
        let parts = line("Started", ["port": "3000", "empty": ""]).split(separator: " ", maxSplits: 1)
        #expect(parts[0].wholeMatch(of: /\d\d:\d\d:07\.042/) != nil)
        #expect(parts[1] == "WARN     Started · martlet empty=\"\" port=3000\n")
    }

    @Test func `uses colours only where it may`() {
        #expect(line("m", isColoured: true).contains("\u{1B}[33mWARN    \u{1B}[0m"))
        #expect(!line("m").contains("\u{1B}"))
    }

    @Test func `keeps Hebrew in its logical order`() {
        #expect(line("שלום Dana 17").contains("שלום Dana 17"))
    }

    @Test(arguments: [
        ("\u{1B}[31mred\u{1B}[0m", "red"), ("\u{1B}]0;title\u{07}x", "x"), ("a\u{1B}]8;;http://x\u{1B}\\b", "ab"),
        ("\u{9B}31mred", "red"), ("two\nlines", "two lines"), ("\u{202E}abc\u{202C}", "abc"), ("a\u{0}\u{8}b", "ab"),
        ("\u{1B}", ""), ("\u{1B}[", ""), ("\u{1B}cx", "x"), ("👨‍👩‍👧", "👨‍👩‍👧"),
    ])
    func `takes terminal controls out of data`(hostile: String, harmless: String) {
        #expect(hostile.harmless(limit: 100) == harmless)
        #expect(line(hostile, ["k": "\(hostile)"]).count { $0 == "\n" } == 1)
    }

    @Test func `cuts what is too long`() {
        #expect(String(repeating: "a", count: 1000).harmless(limit: 10) == "aaaaaaaaaa…")
        #expect(line(String(repeating: "a", count: 100_000)).count < 5000)
    }

    @Test func `reads its settings`() throws {
        func settings(_ values: [String: String]) throws -> LogSettings {
            let provider = InMemoryProvider(
                values: Dictionary(
                    uniqueKeysWithValues: values.map {
                        (AbsoluteConfigKey([$0.key.lowercased()]), ConfigValue(.string($0.value), isSecret: false))
                    }))
            return try LogSettings(ConfigReader(provider: provider))
        }
        #expect(try settings([:]).level == .info)
        #expect(try settings(["LOG_LEVEL": "WARN"]).level.threshold == .warning)
        #expect(try settings(["LOG_FORMAT": "json"]).format == .json)
        #expect(try !settings(["NO_COLOR": "1"]).mayColour)
        #expect(throws: Misconfiguration.self) { try settings(["LOG_LEVEL": "loud"]) }
    }
}
