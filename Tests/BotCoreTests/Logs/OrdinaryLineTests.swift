import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// Lines that our own program prints: none of them may be changed.
@Suite struct OrdinaryLineTests {
    /// The texts of all literals with a blank in them, with `\u{0}` where a value is put in.
    private static let templates: [String] = {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Sources")
        let rooms = [
            "BotCore", "BotKit", "Providers", "WhatsAppWeb", "WhatsAppCloud", "WhatsAppWire", "WhatsAppSignal",
            "AIServices", "StoreSQLite", "ControlPlane", "App",
        ]
        var found: Set<String> = []
        for room in rooms {
            let files = FileManager.default.enumerator(at: root.appending(path: room), includingPropertiesForKeys: nil)
            while let file = files?.nextObject() as? URL {
                guard file.pathExtension == "swift", let text = try? String(contentsOf: file, encoding: .utf8) else {
                    continue
                }
                for line in text.split(separator: "\n") where !line.contains("//") {
                    found.formUnion(literals(in: line))
                }
            }
        }
        return found.sorted()
    }()

    private static func literals(in line: Substring) -> [String] {
        var result: [String] = []
        var text: String?
        var depth = 0
        var isEscaped = false
        for character in line {
            guard var current = text else {
                if character == "\"" { text = "" }
                continue
            }
            if depth > 0 {
                if character == "(" { depth += 1 }
                if character == ")" { depth -= 1 }
            } else if isEscaped {
                isEscaped = false
                if character == "(" { depth = 1 }
                current += character == "(" ? "\u{0}" : " "
            } else if character == "\\" {
                isEscaped = true
            } else if character == "\"" {
                if current.contains(" "), !isGlued(current) { result.append(current) }
                text = nil
                continue
            } else {
                current.append(character)
            }
            text = current
        }
        return result
    }

    /// Whether a value stands directly at another one or at a word, as in names and SQL, is the number of a choice, or
    /// goes to a server.
    private static func isGlued(_ template: String) -> Bool {
        template.contains(/[\w.+\-]\u{0}|\u{0}[\w\u{0}]|\u{0}[.+\-]\w|\u{0}\)\s\u{0}|Bearer\s/)
    }

    private func value(_ random: inout SeededRandom) -> String {
        let date = Date(milliseconds: 1_700_000_000_000 + Int64(random.below(200_000_000)) * 1000)
        switch random.below(12) {
        case 0: return String(random.below(10_000))
        case 1: return Timestamp(date).description
        case 2: return date.formatted(.iso8601)
        case 3: return Duration.milliseconds(random.below(1_000_000)).description
        case 4: return String(RowIDs().next(at: date))
        case 5: return String(RowIDs().next(at: date), radix: 36).uppercased()
        case 6: return "127.0.0.1:\(1024 + random.below(60_000))"
        case 7: return uuid(&random)
        case 8: return "3EB0" + Hexadecimal.text(random.bytes(9)).uppercased()
        case 9: return "1.\(random.below(30)).\(random.below(30))"
        case 10:
            return ["dead_letter", "CLOUD_PHONE_NUMBER_ID", "Outage", "gpt-4o-2024-08-06", "rate_limit"][
                random.below(5)]
        default: return "\(random.below(60)) of \(random.below(1000))"
        }
    }

    private func uuid(_ random: inout SeededRandom) -> String {
        [4, 2, 2, 2, 6].map { Hexadecimal.text(random.bytes($0)) }.joined(separator: "-")
    }

    @Test func `changes none of our own lines`() {
        #expect(Self.templates.count > 1_000)
        var random = SeededRandom(seed: 11)
        var changed: [String] = []
        var lines = 0
        while lines < 20_000 {
            for template in Self.templates {
                let line = template.split(separator: "\u{0}", omittingEmptySubsequences: false)
                    .map(String.init).reduce(into: "") { $0 += ($0.isEmpty ? "" : value(&random)) + $1 }
                lines += 1
                if Redaction.of(line) != line { changed.append("\(line) -> \(Redaction.of(line))") }
            }
        }
        #expect(changed.isEmpty, "\(changed.count) of \(lines): \(changed.prefix(60).joined(separator: "\n"))")
    }
}
