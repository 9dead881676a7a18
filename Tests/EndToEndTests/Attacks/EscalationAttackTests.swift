import Foundation
import TestKit
import Testing

@testable import WhatsAppEmulator

/// Attempts to get more rights than one has, or to take somebody else's.
@Suite(.timeLimit(.minutes(5))) struct EscalationAttackTests {
    private static let denied = "You don't have permission to use this command."
    private static let token = "00000000-0000-4000-8000-000000000000"

    @Test func `a member gets no right by any command`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            let me = AttackScene.member
            let forms = [
                "!role assign \(me) owner", "!role assign \(me) owner --session \(Self.token)",
                "!role\u{200B} assign +\(me) owner", "/ROLE ASSIGN console/\(me) admin", "!role confirm \(me)",
                "!role revoke \(AttackScene.owner)", "!role list", "!roles", "!allow \(me)", "!allow console/\(me) 7d",
                "!deny \(AttackScene.owner)", "!block \(AttackScene.admin)", "!unblock \(me)", "!approve",
                "!approve AAAAAAAA", "!admin-login", "!admin-logout", "!audit last 100", "!config show",
                "!config gpt model x", "!config --here gpt model x", "!config --all group policy off",
                "!config undo --all", "!config dry-run gpt model x",
            ]
            for form in forms { #expect(try await scene.says(me, form) == Self.denied, "\(form)") }
            for form in forms {
                #expect(try await scene.says(me, form, in: AttackScene.group) == Self.denied, "\(form)")
            }
            #expect(try await scene.says(AttackScene.owner, "!role list").contains(me) == false)
            #expect(try await scene.says(me, "hello") == "echo: hello")
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("RBAC_DENIED", "permission") == forms.count * 2)
            for action in ["RBAC_ROLE_CHANGE", "ACCESS_CHANGE", "CONFIG_UPDATE", "ADMIN_SESSION_CREATED"] {
                #expect(audit.acts(action) == 0, "\(action)")
            }
        }
    }

    @Test func `an operator decides nothing about those above, and an admin makes nobody an equal`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try AttackScene(environment, home: home)
            let above = "That person has as much to say here as you, or more."
            var refused = 0
            for verb in ["!allow", "!deny", "!block", "!unblock"] {
                for person in [AttackScene.owner, AttackScene.admin, AttackScene.operator] {
                    for name in [person, "+\(person)", "console/\(person)"] {
                        #expect(
                            try await scene.says(AttackScene.operator, "\(verb) \(name)") == above, "\(verb) \(name)")
                        refused += 1
                    }
                }
            }
            #expect(try await scene.says(AttackScene.operator, "!approve AAAAAAAA").hasPrefix("Nobody waits"))
            let session = "--session \(try await scene.login(AttackScene.admin))"
            for words in [
                "assign \(AttackScene.member) admin", "assign \(AttackScene.member) owner",
                "assign \(AttackScene.admin) owner", "assign console/\(AttackScene.admin) owner",
                "revoke \(AttackScene.owner)", "assign \(AttackScene.owner) operator", "confirm \(AttackScene.owner)",
            ] {
                #expect(try await scene.says(AttackScene.admin, "!role \(words) \(session)") == above, "\(words)")
                refused += 1
            }
            #expect(
                try await scene.says(AttackScene.admin, "!role revoke \(AttackScene.operator) \(session)")
                    .hasPrefix("The settings give that role"))
            #expect(
                try await scene.says(AttackScene.admin, "!role list").split(separator: "\n").count == 3)
            try await scene.end()
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("RBAC_DENIED", "permission") == refused)
            #expect(audit.denials("RBAC_DENIED", "no_such_code") == 1)
            #expect(audit.denials("RBAC_DENIED", "set_by_settings") == 1)
            #expect(audit.acts("ACCESS_CHANGE") == 0 && audit.acts("RBAC_ROLE_CHANGE") == 0)
        }
    }

    @Test func `an admin of a group administers the group, and nothing else`() async throws {
        let phones = try await EmulatedPhones.start()
        let home = try TemporaryFolder()
        let link = try MartletProcess(["link", "--plain"], home: home, environment: phones.environment)
        try await phones.scan(try await link.code())
        #expect(try await link.exitStatus() == 0, "\(link.errors)")
        let (mallory, owner) = (EmulatedPhones.dana, "15550000002")
        try await ModelStub.serving { _, settings in
            let environment = phones.environment.merging(settings) { $1 }.merging([
                "OWNER_PHONE_NUMBERS": owner, "MODEL_CHOICES": "stub-model",
            ]) { $1 }
            let bot = try MartletProcess(["run"], home: home, environment: environment)
            for number in [mallory, owner] { try await phones.post("/account", ["number": .string(number)]) }
            try await phones.write("hello")
            try await phones.shows("echo: hello")
            let group = try #require(
                try await phones.post(
                    "/phone/group",
                    [
                        "account": .string(mallory), "subject": "Lab",
                        "participants": [.string(EmulatedPhones.bot), .string(owner)],
                    ])["jid"]?.text)
            var seen = try await phones.control.texts(of: mallory).count
            func say(_ text: String, as number: String = mallory) async throws -> String {
                try await phones.post(
                    "/phone/send", ["account": .string(number), "to": .string(group), "text": .string(text)])
                let texts = try await eventually("an answer to \(text)") {
                    let texts = try await phones.control.texts(of: mallory)
                    return texts.count > seen ? texts : nil
                }
                defer { seen = texts.count }
                return texts[seen...].joined(separator: "\n")
            }
            // What is theirs.
            #expect(try await say("!activation prefix").hasPrefix("In this group I answer"))
            #expect(try await say("!config --here gpt prePrompt Be brief.").contains("gpt prePrompt"))
            let direct = "This command works only in a direct chat with me."
            let refusals = [
                ("!config --here gpt model other", "For gpt model you may choose among: "),
                ("!config dry-run --here gpt model other", "For gpt model you may choose among: "),
                ("!config --all gpt model other", Self.denied), ("!config --account gpt model other", Self.denied),
                ("!config undo --all", Self.denied), ("!role assign \(mallory) owner", Self.denied),
                ("!role list", Self.denied), ("!allow group", Self.denied), ("!deny group", Self.denied),
                ("!allow \(mallory)", Self.denied), ("!block \(owner)", Self.denied), ("!admin-login", Self.denied),
                ("!audit last", Self.denied), ("!approve", Self.denied), ("!export", direct),
                ("!config --here gpt apiKey sk-hijacked0123456789", "Secrets cannot be changed in a chat."),
            ]
            for (text, refusal) in refusals { #expect(try await say(text).hasPrefix(refusal), "\(text)") }
            bot.signal(SIGTERM)
            #expect(try await bot.exitStatus() == 0)
            let audit = try await ExportedAudit(home, environment: environment)
            let all = audit.entries.count { $0.outcome == "denied" }
            #expect(all == refusals.count, "\(audit.entries.filter { $0.outcome == "denied" })")
            #expect(audit.denials("RBAC_DENIED", "not_offered") == 2)
            #expect(audit.acts("RBAC_ROLE_CHANGE") == 0 && audit.acts("ACCESS_CHANGE") == 0)
        }
    }
}
