import Foundation
import TestKit
import Testing

/// `!config` over the whole line: who may, what it changes, and that it stays.
@Suite(.timeLimit(.minutes(3))) struct ConfigTests {
    private static let owner = "15550000001"
    private static let admin = "15550000002"
    private static let member = "15550000003"
    private static let group = "120363000000000001"

    private func scene(_ environment: [String: String], home: TemporaryFolder) throws -> ChatScene {
        try ChatScene(environment, owner: Self.owner, admin: Self.admin, home: home)
    }

    @Test func `an admin with a session changes the model, the pre-prompt and the groups, and it stays`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home: home)
            #expect(
                try await scene.says(Self.admin, "!config gpt model other").first?.contains("!admin-login") == true)
            let token = try ChatScene.token(in: try await scene.says(Self.admin, "/admin-login"))
            #expect(
                try await scene.says(Self.admin, "/config gpt model other --session \(token)")
                    == ["Set gpt model to other."])
            #expect(
                try await scene.says(Self.admin, "!config gpt prePrompt Be kind. --session \(token)")
                    == ["Set gpt prePrompt to Be kind.."])
            #expect(try await scene.says(Self.member, "hello") == ["echo: hello"])
            #expect(stub.models == ["other"])
            #expect(stub.questions.last?.first?.text == "Be kind.")
            #expect(try await scene.says(Self.admin, "@martlet hi", group: Self.group) == ["echo: hi"])
            #expect(
                try await scene.says(Self.admin, "!config group policy off --session \(token)")
                    == ["Set group policy to off."])
            #expect(try await scene.says(Self.member, "@martlet hi", group: Self.group) == [])
            try await scene.end()

            var again = try self.scene(environment, home: home)
            #expect(try await again.says(Self.member, "and now") == ["echo: and now"])
            #expect(stub.models.last == "other")
            #expect(try await again.says(Self.admin, "!status").first?.contains("Model: other") == true)
            #expect(
                try await again.says(Self.admin, "!config undo --session \(token)")
                    == ["group policy is no longer set here; what is set more widely holds."])
            #expect(try await again.says(Self.member, "@martlet hi", group: Self.group) == ["echo: hi"])
            try await again.end()

            let audit = try MartletProcess(["audit", "last", "--limit", "100"], home: home)
            #expect(try await audit.exitStatus() == 0)
            let updates = audit.lines.filter { $0.contains("CONFIG_UPDATE") }
            #expect(updates.count == 4)
            #expect(updates.contains { $0.contains("gpt.model") && $0.contains("other") })
            // What people write stands in no audit.
            #expect(!audit.lines.joined().contains("Be kind"))
        }
    }

    @Test func `the operator's word needs no sign, and a token in a group ends its session wherever it stands`()
        async throws
    {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment.merging(["AI_CONFIG_PREFIX": "cfg"]) { $1 }, home: home)
            let token = try ChatScene.token(in: try await scene.says(Self.admin, "/admin-login"))
            #expect(
                try await scene.says(Self.admin, "cfg gpt model other --session \(token)") == [
                    "Set gpt model to other."
                ])
            #expect(
                try await scene.says(Self.admin, "@martlet the token is \(token)", group: Self.group).first?
                    .hasPrefix("A token does not belong in a group") == true)
            #expect(stub.models.isEmpty)
            #expect(
                try await scene.says(Self.admin, "cfg gpt model third --session \(token)").first?
                    .hasPrefix("Invalid or expired admin session.") == true)
            try await scene.end()
        }
    }

    @Test func `members choose their own language, and nothing else`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home: home)
            for text in [
                "!config", "!config show", "!config gpt model x", "!config dry-run gpt model x",
                "!config --here gpt model x", "!config undo", "!config chat id",
            ] {
                #expect(
                    try await scene.says(Self.member, text) == ["You don't have permission to use this command."],
                    "\(text)")
            }
            #expect(
                try await scene.says(Self.member, "!config --me general language he").first?
                    .contains("general language") == true)
            #expect(try await scene.says(Self.member, "!stop") == ["אני לא מכין תשובה כרגע."])
            #expect(try await scene.says(Self.admin, "!stop") == ["I'm not working on an answer right now."])
            #expect(try await scene.says(Self.member, "!config --me undo").isEmpty == false)
            #expect(try await scene.says(Self.member, "!config undo --me").first?.contains("general language") == true)
            #expect(
                try await scene.says(Self.member, "!config gpt apiKey sk-abcdefgh12345678").first?
                    .hasPrefix("אי אפשר לשנות סודות בצ׳אט.") == true)
            #expect(stub.models.isEmpty)
            try await scene.end()
            let audit = try MartletProcess(["audit", "last", "--limit", "100"], home: home)
            #expect(try await audit.exitStatus() == 0)
            #expect(audit.lines.filter { $0.contains("RBAC_DENIED") }.count == 8)
        }
    }

    @Test func `a chat's choice that no server has is told to the member, and is no alarm`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home: home)
            _ = try await scene.says(Self.admin, "!config --here gpt model \(ModelStub.unknownModel)")
            #expect(
                try await scene.says(Self.admin, "hello")
                    == [
                        "There is no model called no-such-model, which was set for this chat. !config undo takes that "
                            + "back."
                    ])
            #expect(try await scene.says(Self.member, "hello") == ["echo: hello"])
            #expect(try await scene.says(Self.admin, "!config undo --here").count == 1)
            #expect(try await scene.says(Self.admin, "hello") == ["echo: hello"])
            try await scene.end()
            #expect(!scene.process.errors.contains("model_unknown"))
        }
    }

    @Test func `a secret is refused and forgotten, but for the days that the operator names`() async throws {
        let secret = "sk-abcdefgh12345678"
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home: home)
            let token = try ChatScene.token(in: try await scene.says(Self.owner, "/admin-login"))
            #expect(
                try await scene.says(Self.owner, "!config gpt apiKey \(secret) --session \(token)").first?
                    .hasPrefix("Secrets cannot be changed in a chat.") == true)
            _ = try await scene.says(Self.owner, "hello")
            try await scene.end()
            #expect(stub.keys == ["sk-test-0000"])
            #expect(!scene.process.errors.contains(secret))

            var soft = try self.scene(
                environment.merging(["LEGACY_SECRET_CONFIG_UNTIL": "2100-01-01"]) { $1 }, home: home)
            #expect(
                try await soft.says(Self.owner, "!config gpt apiKey \(secret)").first?.contains("!admin-login") == true)
            #expect(
                try await soft.says(Self.owner, "!config gpt apiKey \(secret) --session \(token)").first?
                    .hasPrefix("The key is in use until the next start.") == true)
            _ = try await soft.says(Self.owner, "hello")
            try await soft.end()
            #expect(stub.keys.last == secret)
            let backup = try MartletProcess(["backup", home.url.appending(path: "copy.sqlite").path], home: home)
            #expect(try await backup.exitStatus() == 0)
            let copy = try Data(contentsOf: home.url.appending(path: "copy.sqlite"))
            #expect(copy.range(of: Data(secret.utf8)) == nil)
        }
    }
}
