import Foundation
import TestKit
import Testing

/// Attempts to read or to change secrets.
@Suite(.timeLimit(.minutes(5))) struct SecretAttackTests {
    private static let key = "sk-hijacked0123456789"

    /// What names the key, in all the ways that people and their telephones write.
    private static let forms = [
        "!config gpt apiKey \(key)", "!CONFIG GPT APIKEY \(key)", "/config gpt apikey=\(key)",
        "!config set --all gpt apiKey \(key)", "!config gpt\napiKey\n\(key)", "!config  gpt \t apiKey: '\(key)'",
        "!config gpt api\u{200B}Key \(key)", "!config gpt ap\u{00AD}iK\u{2060}ey \(key)",
        "!config \u{202E}gpt\u{202C} \u{2067}apiKey\u{2069} \(key)", "\u{200F}!config gpt k\u{FEFF}ey value",
        "!config gpt ａｐｉＫｅｙ \(key)", "!config gpt apiK\u{0435}y value", "!config gpt מפתח \(key)",
        "!הגדרות gpt apiKey \(key)", "!config gpt model sk-hija\u{200D}cked0123456789", "!config gpt model \(key)",
        "!config --me gpt apiKey \(key)", "!config --here gpt apiKey \(key)", "!config dry-run gpt apiKey \(key)",
        "!config show gpt apiKey", "!config help gpt apiKey", "!config unset gpt apiKey", "!config undo gpt apiKey",
        "!config aws secretAccessKey value", "!config gpt organization org-hijacked",
        "!config general password \(key)",
    ]

    @Test func `no spelling reads or changes a secret, whoever asks, and each attempt is in the audit`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            let token = try await scene.login(AttackScene.admin)
            for form in Self.forms {
                for (person, text, group) in [
                    (AttackScene.member, form, nil), (AttackScene.admin, form, nil),
                    (AttackScene.admin, "\(form) --session \(token)", nil),
                    (AttackScene.member, form, AttackScene.group),
                ] as [(String, String, String?)] {
                    let said = try await scene.says(person, text, in: group)
                    #expect(
                        said.hasPrefix("Secrets cannot be changed") || said.hasPrefix("אי אפשר לשנות סודות"),
                        "\(text): \(said)")
                    #expect(!said.contains("sk-"), "\(text): \(said)")
                }
            }
            // The bot works with the key that it had.
            #expect(try await scene.says(AttackScene.member, "hello") == "echo: hello")
            #expect(model.keys == ["sk-test-0000"] && model.models == ["stub-model"])
            for person in [AttackScene.member, AttackScene.admin] {
                let shown = try await scene.says(person, "!config show") + scene.says(person, "!status")
                #expect(!shown.contains("sk-"))
            }
            try await scene.end()
            for word in ["hijacked", "cked0123456789"] { #expect(try home.files(holding: word) == [], "\(word)") }
            #expect(!scene.process.errors.contains("hijacked"))
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("CONFIG_UPDATE", "secret") == Self.forms.count * 4)
            #expect(audit.acts("CONFIG_UPDATE") == 0)
            #expect(!audit.text.contains("hijacked"))
        }
    }

    @Test func `a mistyped command says no secret again, and none is kept`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            for form in [
                "!cofnig gpt apiKey \(Self.key)", "!confg --all gpt apiKey=\(Self.key)", "/configure me \(Self.key)",
                "!\(Self.key)",
            ] {
                for person in [AttackScene.member, AttackScene.admin] {
                    let said = try await scene.says(person, form)
                    #expect(
                        said.hasPrefix("I don't know that command, and what you wrote looks like a secret"), "\(said)")
                    #expect(!said.contains("hijacked"))
                    _ = try await scene.says(person, "1")
                }
            }
            try await scene.end()
            #expect(Set(model.keys).isSubset(of: ["sk-test-0000"]))
            #expect(try home.files(holding: "hijacked") == [])
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("CONFIG_UPDATE", "secret") == 8)
        }
    }

    @Test func `a stranger is not even answered, and is in the audit`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            let forms = [
                "!config show", "!config gpt model x", "!role list", "!audit last", "!admin-login", "!approve",
            ]
            for form in forms { #expect(try await scene.says(AttackScene.stranger, form) == "", "\(form)") }
            #expect(try await scene.says(AttackScene.stranger, "hello") == "")
            for number in 1...30 { _ = try await scene.says(AttackScene.stranger, "!config gpt model m\(number)") }
            try await scene.end()
            #expect(model.questions.isEmpty)
            let audit = try await ExportedAudit(home)
            // Those who are not answered fill no audit.
            #expect(audit.denials("RBAC_DENIED", "policy_allowlist") == 10)
            #expect(audit.entries.count == 10)
        }
    }

    @Test func `who waits to be let in is in the audit with the first attempt`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment.merging(["ACCESS_POLICY": "pairing"]) { $1 }, home: home)
            let said = try await scene.says(AttackScene.stranger, "!role assign \(AttackScene.stranger) owner")
            #expect(said.hasPrefix("I don't know you yet."))
            #expect(try await scene.says(AttackScene.stranger, "!approve") == "")
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("RBAC_DENIED", "unknown_member") == 1)
            #expect(audit.denials("RBAC_DENIED", "policy_pairing") == 1 && audit.entries.count == 2)
        }
    }
}
