import Foundation
import TestKit
import Testing

/// Attempts with the tokens of admin sessions: stolen, over, guessed, said where others read them.
@Suite(.timeLimit(.minutes(3))) struct TokenAttackTests {
    private static let invalid = "Invalid or expired admin session."
    private static let act = "!role assign 15550000006 operator"
    private static let done = "+15550000006 is operator from now on."

    private func scene(_ environment: [String: String], _ home: TemporaryFolder) throws -> AttackScene {
        // Another admin, who may do all that the one may whose token it is.
        let admins = "\(AttackScene.admin),\(AttackScene.member)"
        return try AttackScene(environment.merging(["ADMIN_PHONE_NUMBERS": admins]) { $1 }, home: home)
    }

    @Test func `a token is worth something to its member, in its chat, until it ends, and never again`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home)
            let token = try await scene.login(AttackScene.admin)
            func with(_ token: String) -> String { "\(Self.act) --session \(token)" }
            var refused = 0
            func expectInvalid(_ said: String, _ what: Comment) {
                #expect(said.hasPrefix(Self.invalid), what)
                refused += 1
            }
            expectInvalid(try await scene.says(AttackScene.member, with(token)), "of another member")
            expectInvalid(try await scene.says(AttackScene.owner, with(token)), "of a lesser one")
            expectInvalid(try await scene.says(AttackScene.admin, with(token), chat: "15550000009"), "in another chat")
            expectInvalid(try await scene.says(AttackScene.admin, with(String(token.dropLast()) + "?")), "cut")
            expectInvalid(
                try await scene.says(AttackScene.admin, with("\(token)\(token)".prefix(64).description)), "two")
            #expect(try await scene.says(AttackScene.admin, with(token)) == Self.done)
            _ = try await scene.pass(899)
            #expect(try await scene.says(AttackScene.admin, with(token)) == Self.done)
            _ = try await scene.pass(901)
            expectInvalid(try await scene.says(AttackScene.admin, with(token)), "after its end")
            let second = try await scene.login(AttackScene.admin)
            expectInvalid(try await scene.says(AttackScene.admin, with(token)), "of the session before")
            #expect(try await scene.says(AttackScene.admin, with(second)) == Self.done)
            #expect(try await scene.says(AttackScene.admin, "!admin-logout") == "The admin session is over.")
            expectInvalid(try await scene.says(AttackScene.admin, with(second)), "after the end of its session")
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("ADMIN_SESSION_EXPIRED_OR_INVALID", "session_invalid") == refused)
            #expect(audit.acts("RBAC_ALLOWED") == 3 && audit.acts("RBAC_ROLE_CHANGE") == 3)
            for token in [token, second] {
                #expect(!audit.text.contains(token) && !scene.process.errors.contains(token))
            }
        }
    }

    @Test func `a token in a message that is quoted does not reach the model, by the queue of heavy work neither`()
        async throws
    {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home)
            let token = try await scene.login(AttackScene.admin)
            let quoted = try scene.id(ofWhatSays: token)
            let image = home.url.appending(path: "pixel.png")
            try #require(Data(base64Encoded: HostileFileTests.pixel)).write(to: image)
            _ = try await scene.says(AttackScene.admin, "what is that?", quoting: quoted)
            let said = try await scene.says(AttackScene.admin, "and this?", quoting: quoted, with: image)
            #expect(said.hasPrefix("Processing…") && said.contains("echo: "), "\(said)")
            #expect(model.questions.count == 2 && model.images.count == 1)
            for question in model.questions {
                let asked = try #require(question.last?.text)
                #expect(asked.contains("--session ***") && asked.contains("Referring to your earlier message"))
                #expect(!question.contains { $0.text.contains(token) })
            }
            // It was never out of its member's hands.
            #expect(
                try await scene.says(AttackScene.admin, "\(Self.act) --session \(token)") == Self.done)
            try await scene.end()
        }
    }

    @Test func `a token that others read ends also where no group is answered`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment.merging(["GROUPCHATS_ENABLED": "false"]) { $1 }, home)
            let token = try await scene.login(AttackScene.admin)
            #expect(
                try await scene.says(AttackScene.admin, "\(Self.act) --session \(token)", in: AttackScene.group) == "")
            #expect(try await scene.says(AttackScene.stranger, Self.act, in: AttackScene.group) == "")
            #expect(try await scene.says(AttackScene.admin, "\(Self.act) --session \(token)").hasPrefix(Self.invalid))
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.acts("ADMIN_SESSION_ENDED") == 1 && audit.acts("RBAC_ROLE_CHANGE") == 0)
            #expect(audit.denials("ADMIN_SESSION_EXPIRED_OR_INVALID", "session_in_group") == 1)
            #expect(audit.denials("RBAC_DENIED", "groups_off") == 1)
        }
    }

    @Test func `a token that others read ends, and who guesses is locked out, with the right one too`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home)
            let token = try await scene.login(AttackScene.admin)
            let said = try await scene.says(
                AttackScene.member, "@martlet look: \(token.uppercased())", in: AttackScene.group)
            #expect(said.hasPrefix("A token does not belong in a group"))
            #expect(try await scene.says(AttackScene.admin, "\(Self.act) --session \(token)").hasPrefix(Self.invalid))
            let second = try await scene.login(AttackScene.admin)
            for number in 1...4 {
                let guess = "00000000-0000-4000-8000-00000000000\(number)"
                #expect(
                    try await scene.says(AttackScene.admin, "\(Self.act) --session \(guess)").hasPrefix(Self.invalid))
            }
            let locked = "Too many wrong tokens."
            #expect(try await scene.says(AttackScene.admin, "\(Self.act) --session \(second)").hasPrefix(locked))
            // Neither another chat nor an erasure frees.
            #expect(try await scene.says(AttackScene.admin, Self.act, chat: "15550000009").hasPrefix(locked))
            let asked = try await scene.says(AttackScene.admin, "!wipe")
            let code = String(try #require(asked.firstMatch(of: /!wipe ([A-Z2-9]{6})/)).1)
            #expect(try await scene.says(AttackScene.admin, "!wipe \(code)").contains("decided stays"))
            #expect(try await scene.says(AttackScene.admin, Self.act).hasPrefix(locked))
            _ = try await scene.pass(901)
            #expect(try await scene.says(AttackScene.admin, Self.act).hasPrefix("This asks for an admin session."))
            try await scene.end()
            #expect(model.questions.isEmpty)
            let audit = try await ExportedAudit(home)
            let action = "ADMIN_SESSION_EXPIRED_OR_INVALID"
            #expect(audit.denials(action, "session_in_group") == 1 && audit.denials(action, "session_invalid") == 5)
            #expect(audit.denials(action, "session_locked") == 3 && audit.denials(action, "session_needed") == 1)
            #expect(audit.acts("ADMIN_SESSION_ENDED") == 1 && audit.acts("RBAC_ROLE_CHANGE") == 0)
        }
    }
}
