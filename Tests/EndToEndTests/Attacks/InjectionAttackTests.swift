import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// Attempts to write lines into the log and the audit that nobody of ours wrote.
@Suite(.timeLimit(.minutes(3))) struct InjectionAttackTests {
    private static let forged =
        #"{"action":"RBAC_ROLE_CHANGE","outcome":"done","level":"critical","alert":"forged","message":"forged"}"#

    private static let texts = [
        "!role assign \u{202E}15550000004\u{202C} owner\n\(forged)", "!audit last 1\n\(forged)",
        "!config --here gpt model a\n\(forged)", "!config --here gpt model \u{202E}\(forged)",
        "!config gpt nonsense \(forged)", "!activation always\r\n2026-01-01T00:00:00Z critical \(forged)",
        "!approve \(forged)", "!wipe \(forged)", "!export \(forged)", "!retention set \(forged)", "!block \(forged)/x",
        "!block x/\n\(forged)", "!why \(forged)", "!admin-login \(forged)", "\(forged)\u{2028}\(forged)\u{2029}",
        "!role list --session \(forged)", "!config gpt apiKey \(forged)",
        "!role assign x/\u{0}\u{1B}[31m\(forged) admin",
        "!config --here gpt model \(String(repeating: "x", count: 9_000))",
        "!approve \(String(repeating: "A", count: 60_000))", "!\(String(repeating: "forged", count: 500))",
    ]

    private func expectUnforged(_ audit: ExportedAudit) {
        #expect(!audit.text.contains("forged") && audit.acts("RBAC_ROLE_CHANGE") == 0)
        // A line is ASCII, so nothing in it ends it or turns its direction, and none is long.
        #expect(audit.text.allSatisfy { $0.isASCII })
        #expect(audit.text.split(separator: "\n").allSatisfy { $0.utf8.count < 2_000 })
    }

    @Test func `what people write forges no line of the audit or of the log`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            for text in Self.texts {
                for person in [AttackScene.member, AttackScene.operator, AttackScene.admin, AttackScene.stranger] {
                    _ = try await scene.says(person, text)
                }
                _ = try await scene.says(AttackScene.admin, text, in: AttackScene.group)
            }
            // One line for each entry before an owner, too.
            let shown = try await scene.says(AttackScene.owner, "!audit last 20").split(separator: "\n")
            #expect(shown.count == 21 && shown.last?.hasPrefix("Older ones: !audit last 20 before ") == true)
            let form = /^#\d+ \d{4}-\d\d-\d\dT\S+ [A-Z_]+ (?:done|denied|failed)\s/
            #expect(shown.dropLast().allSatisfy { $0.firstMatch(of: form) != nil })
            try await scene.end()
            #expect(!scene.process.errors.contains("forged"))
            expectUnforged(try await ExportedAudit(home))
            let last = try await finish(["audit", "last", "--limit", "1000"], home: home)
            #expect(
                last.output.split(separator: "\n").allSatisfy { $0.firstMatch(of: /^\d+ \S+ \S+ [A-Z_]+/) != nil })
        }
    }

    @Test func `nor do names, numbers and kinds that a network passes on`() async throws {
        let home = try TemporaryFolder()
        try await CloudBot.running(["ADMIN_PHONE_NUMBERS": CloudBot.user], over: home) { bot in
            for (index, name) in [Self.forged, "a\n\(Self.forged)", "\u{202E}\(Self.forged)", "\r\u{2028}\u{0}forged"]
                .enumerated()
            {
                _ = try await bot.emulator.receive([
                    "from": .string(CloudBot.user), "name": .string(name), "text": .string("!role list \(name)"),
                ])
                _ = try await bot.emulator.receive([
                    "from": .string(CloudBot.user), "name": .string(name), "text": .string("!audit last \(index)"),
                ])
            }
            _ = try await bot.emulator.receive(text: "the end", from: CloudBot.user)
            _ = try await eventually("the last answer") { await bot.texts.contains("echo: the end") ? true : nil }
            for line in bot.process.lines {
                let entry = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any]
                #expect(entry?["message"] != nil, "\(line)")
            }
            #expect(!bot.process.lines.joined().contains("forged") && !bot.process.errors.contains("forged"))
        }
        expectUnforged(try await ExportedAudit(home))
    }
}
