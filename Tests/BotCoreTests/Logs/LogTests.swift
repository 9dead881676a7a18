import BotKit
import Foundation
import Logging
import Testing

@testable import BotCore

@Suite struct LogTests {
    private let time = ManualTime(Date(milliseconds: 1_772_442_307_042))

    private func handler(_ level: Logger.Level = .trace, label: String = "martlet.test") -> JSONLogHandler {
        JSONLogHandler(label: label, level: level, sink: .standardError, time: time)
    }

    private func event(
        _ message: String, _ metadata: Logger.Metadata? = nil, level: Logger.Level = .info, error: (any Error)? = nil
    ) -> LogEvent {
        LogEvent(
            level: level, message: "\(message)", error: error, metadata: metadata, source: nil, file: "a/b.swift",
            function: "f", line: 1)
    }

    private func text(_ event: LogEvent) -> String { String(decoding: handler().line(for: event), as: UTF8.self) }

    private func object(_ event: LogEvent) throws -> [String: Any] {
        let line = text(event)
        #expect(line.hasSuffix("}\n"))
        #expect(line.count { $0 == "\n" } == 1)
        return try #require(try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
    }

    @Test func `writes one JSON object on one line`() {
        let line = text(event("Started", ["turn": "17", "provider": "cloud", "again": .stringConvertible(true)]))
        #expect(
            line == #"{"time":"2026-03-02T09:05:07.042Z","level":"info","label":"martlet.test","message":"Started","#
                + #""again":true,"provider":"cloud","turn":"17"}"# + "\n")
    }

    @Test(arguments: [
        (Logger.Level.trace, "trace"), (.debug, "debug"), (.info, "info"), (.notice, "notice"), (.warning, "warn"),
        (.error, "error"), (.critical, "critical"),
    ])
    func `names the levels as the setting does`(level: Logger.Level, word: String) throws {
        #expect(try object(event("x", level: level))["level"] as? String == word)
    }

    @Test(arguments: [
        "two\nlines\r\n", "quote \" and \\ back", "\u{1B}[31mred\u{1B}[0m", "\u{0}\u{1}\u{7F}", "\u{85}\u{9B}31m",
        "\u{202E}gnp.exe\u{202C}", "\u{2066}a\u{2069}\u{200F}", "\u{2028}\u{2029}\u{FEFF}", "שלום 👨‍👩‍👧", "😀 e\u{301}",
        String(decoding: [0xD83D, 0x41, 0xDE00] as [UInt16], as: UTF16.self),
        String(decoding: [0xFF, 0xC0, 0x80, 0xED, 0xA0, 0x80] as [UInt8], as: UTF8.self), "\",\"level\":\"error",
    ])
    func `keeps hostile text inside its string`(hostile: String) throws {
        let event = event(hostile, ["key": "\(hostile)", "\(hostile)": "value"])
        let found = try object(event)
        #expect(found["message"] as? String == hostile)
        #expect(found["key"] as? String == hostile)
        #expect(found["level"] as? String == "info")
        for scalar in text(event).dropLast().unicodeScalars { #expect(![UInt8].isHidden(scalar.value)) }
    }

    @Test func `leaves Hebrew and emoji readable`() {
        #expect(text(event("שלום 😀")).contains("שלום 😀"))
    }

    @Test func `flattens metadata and keeps its own keys`() throws {
        let found = try object(
            event("m", ["a": ["b": ["c"], "d": "1"], "list": ["x", "y"], "level": "fake", "message": "fake"]))
        #expect(found["a.d"] as? String == "1")
        #expect(found["list.0"] as? String == "x")
        #expect(found["list.1"] as? String == "y")
        #expect(found["level"] as? String == "info")
        #expect(found["metadata.level"] as? String == "fake")
        #expect(found["message"] as? String == "m")
    }

    @Test func `bounds the line whatever it is given`() throws {
        var metadata: Logger.Metadata = [:]
        for number in 0..<200 { metadata["key\(number)"] = "\(String(repeating: "ש\u{1}", count: 5000))" }
        let event = event(String(repeating: "\u{1}", count: 100_000), metadata)
        #expect(handler().line(for: event).count <= JSONLogHandler.maximumBytes + 1)
        #expect(try object(event)["truncated"] as? Bool == true)
        var deep: Logger.MetadataValue = "x"
        for _ in 0..<1000 { deep = ["a": deep] }
        #expect(try object(self.event("m", ["deep": deep]))["truncated"] as? Bool == true)
    }

    @Test func `shows an error by its safe description`() throws {
        struct Leaky: Error { let secret = "15550000001" }
        let outage = try object(event("m", error: Outage("disk", "is full")))
        #expect(outage["error"] as? String == "disk: is full")
        // Most of our lines bring it as metadata: the key is the same.
        #expect(try object(event("m", ["error": "disk: is full"]))["error"] as? String == "disk: is full")
        let both = try object(event("m", ["error": "of the metadata"], error: Outage("disk", "is full")))
        #expect(both["error"] as? String == "disk: is full")
        #expect(both["metadata.error"] as? String == "of the metadata")
        #expect(!text(event("m", error: Leaky())).contains("15550000001"))
    }

    @Test func `treats level and metadata as values`() {
        var first = Logger(label: "a") { _ in handler() }
        first.logLevel = .debug
        first[metadataKey: "only"] = "first"
        var second = first
        second.logLevel = .error
        second[metadataKey: "only"] = "second"
        #expect(first.logLevel == .debug)
        #expect(first[metadataKey: "only"] == "first")
        #expect(second[metadataKey: "only"] == "second")
    }

    @Test func `joins the metadata of handler, provider and event`() throws {
        var handler = handler()
        handler.metadata = ["a": "handler", "b": "handler", "c": "handler"]
        handler.metadataProvider = Logger.MetadataProvider { ["b": "provider", "c": "provider"] }
        let line = handler.line(for: event("m", ["c": "event"]))
        #expect(String(decoding: line, as: UTF8.self).hasSuffix(#","a":"handler","b":"provider","c":"event"}"# + "\n"))
    }

    @Test func `keeps the lines of many tasks apart`() async throws {
        let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        defer { try? FileManager.default.removeItem(at: file) }
        let descriptor = open(file.path, O_CREAT | O_WRONLY | O_APPEND, 0o600)
        defer { close(descriptor) }
        let logger = Logger(
            label: "a", factory: LogSettings(format: .json).handlers(writingTo: LogSink(descriptor: descriptor)))
        let long = String(repeating: "long ", count: 1500)
        await withTaskGroup(of: Void.self) { group in
            for task in 0..<8 {
                group.addTask { for line in 0..<50 { logger.info("\(long)", metadata: ["line": "\(task).\(line)"]) } }
            }
        }
        logger.debug("not this one")
        let lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 400)
        for line in lines {
            let object = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
            #expect((object?["message"] as? String)?.count == long.count)
        }
    }
}
