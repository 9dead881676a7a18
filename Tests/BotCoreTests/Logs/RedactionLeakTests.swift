import BotKit
import Foundation
import Logging
import TestKit
import Testing

@testable import BotCore

@Suite struct RedactionLeakTests {
    private let json = JSONLogHandler(label: "library", level: .trace, sink: .standardError)
    private let console = ConsoleLogHandler(label: "library", level: .trace, sink: .standardError, isColoured: false)

    struct LibraryError: Error, CustomStringConvertible { let description: String }

    /// What a reader of the log could put together: digits of all scripts as ASCII, blanks, strokes and so on left out.
    private func plain(_ text: String) -> String {
        var result = ""
        for character in text {
            if let number = character.wholeNumberValue, (0...9).contains(number) {
                result += String(number)
            } else if !" -()/_\u{A0}\u{2011}".contains(character) {
                result += character.lowercased()
            }
        }
        return result
    }

    /// What tells most of a value: a query's value, a token without its scheme, else the whole.
    private func tale(_ sample: SensitiveText.Sample) -> String {
        switch sample.kind {
        case "query", "cookie":
            plain(String(sample.secret.split(separator: "=").last ?? "")).filter { $0.isLetter || $0.isNumber }
        case "bearer": plain(String(sample.secret.dropFirst(7)))
        case "phone": plain(sample.secret).replacing("+", with: "")
        case "wa": plain(String(sample.secret.prefix { $0.isNumber }))
        case "mail": plain(String(sample.secret.prefix { $0 != "@" }))
        default: plain(sample.secret)
        }
    }

    private func event(_ message: String, _ metadata: Logger.Metadata, error: (any Error)? = nil, level: Logger.Level)
        -> LogEvent
    {
        LogEvent(
            level: level, message: "\(message)", error: error, metadata: metadata, source: nil, file: "a/b.swift",
            function: "f", line: 1)
    }

    @Test func `lets nothing through in a hundred thousand lines`() {
        var samples = SensitiveText(random: SeededRandom(seed: 20_260_302))
        var leaks: [String] = []
        for number in 0..<100_000 {
            let sample = samples.next()
            let tale = tale(sample)
            let shown = Redaction.of(sample.text)
            if plain(shown).contains(tale) { leaks.append("\(number) \(sample.kind): \(sample.text) -> \(shown)") }
            // Twice is as once.
            if number.isMultiple(of: 10), Redaction.of(shown) != shown, sample.kind != "phone" {
                if plain(Redaction.of(shown)).contains(tale) { leaks.append("again: \(shown)") }
            }
        }
        #expect(leaks.isEmpty, "\(leaks.count): \(leaks.prefix(40).joined(separator: "\n"))")
    }

    @Test func `lets nothing through in any part of a line, at any level, in either form`() {
        var samples = SensitiveText(random: SeededRandom(seed: 7))
        var leaks: [String] = []
        for number in 0..<4_000 {
            let sample = samples.next()
            let text = sample.text
            let level = Logger.Level.allCases[number % Logger.Level.allCases.count]
            let metadata: Logger.Metadata =
                switch number % 6 {
                case 0: ["value": "\(text)"]
                case 1: ["outer": ["inner": "\(text)"]]
                case 2: ["list": ["x", "\(text)"]]
                case 3: ["\(text)": "x"]
                case 4: ["error": .stringConvertible(LibraryError(description: text))]
                default: [:]
                }
            let isMessage = number % 6 == 5
            let event = event(isMessage ? text : "m", metadata, level: level)
            for line in [String(decoding: json.line(for: event), as: UTF8.self), console.line(for: event)]
            where plain(line).contains(tale(sample)) { leaks.append("\(sample.kind): \(line)") }
        }
        #expect(leaks.isEmpty, "\(leaks.count): \(leaks.prefix(20).joined(separator: "\n"))")
    }

    @Test func `hides numbers that come as numbers, secrets by their name, and what the handler itself carries`() {
        var json = json
        json.metadata = ["peer": "15550000001"]
        json.metadataProvider = Logger.MetadataProvider { ["who": "dana@example.com"] }
        let event = event(
            "m", ["number": .stringConvertible(15_550_000_001), "api_key": "x", "port": .stringConvertible(3000)],
            level: .info)
        let line = String(decoding: json.line(for: event), as: UTF8.self)
        #expect(line.contains(#""api_key":"***","number":"1555***0001","peer":"1555***0001","port":3000,"#))
        #expect(line.contains(#""who":"d***@example.com""#))
    }

    @Test func `what is ours by its making is shown as it is`() {
        let event = event(
            "m", ["account": .own("cloud:106540352242922"), "chat": .own("155500000012"), "bytes": .own(12_345_678)],
            level: .info)
        let line = String(decoding: json.line(for: event), as: UTF8.self)
        #expect(line.contains(#""account":"cloud:106540352242922","bytes":"12345678","chat":"155500000012""#))
    }
}
