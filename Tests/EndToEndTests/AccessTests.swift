import Foundation
import TestKit
import Testing

/// Who may talk with the bot, and who may do what, as people set it in chats.
@Suite(.timeLimit(.minutes(3))) struct AccessTests {
    private static let owner = "15550000001"
    private static let admin = "15550000002"
    private static let stranger = "15550000003"

    private func scene(_ environment: [String: String], home: TemporaryFolder) throws -> ChatScene {
        try ChatScene(environment, owner: Self.owner, admin: Self.admin, home: home)
    }

    @Test func `roles are given with a session, by those who may, and hold at once`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment, home: home)
            #expect(
                try await scene.says(Self.stranger, "!role list") == ["You don't have permission to use this command."])
            #expect(
                try await scene.says(Self.stranger, "!admin-login") == [
                    "You don't have permission to use this command."
                ])
            #expect(
                try await scene.says(Self.admin, "!role assign +15550000003 operator").first?
                    .contains("!admin-login") == true)
            let token = try ChatScene.token(in: try await scene.says(Self.admin, "/admin-login"))
            #expect(
                try await scene.says(Self.admin, "!role assign +15550000003 operator --session \(token)")
                    == ["+15550000003 is operator from now on."])
            #expect(
                try await scene.says(Self.admin, "!role assign +15550000003 admin --session \(token)")
                    == ["That person has as much to say here as you, or more."])
            #expect(
                try await scene.says(Self.admin, "!role revoke 15550000001 --session \(token)")
                    == ["That person has as much to say here as you, or more."])
            // The token of another is worth nothing.
            #expect(
                try await scene.says(Self.owner, "!role revoke 15550000003 --session \(token)").first?
                    .hasPrefix("Invalid or expired admin session.") == true)
            #expect(try await scene.says(Self.stranger, "!approve") == ["Nobody is waiting."])
            #expect(
                try await scene.says(Self.owner, "!role list").first?.split(separator: "\n").map(String.init)
                    == [
                        "owner: +15550000001 (by the settings)", "admin: +15550000002 (by the settings)",
                        "operator: +15550000003",
                    ])
            let own = try ChatScene.token(in: try await scene.says(Self.owner, "!admin-login"))
            #expect(
                try await scene.says(Self.owner, "!role revoke 15550000002 --session \(own)").first?
                    .hasPrefix("The settings give that role") == true)
            #expect(
                try await scene.says(Self.owner, "!role revoke 15550000003 --session \(own)")
                    == ["+15550000003 has no role any more."])
            #expect(
                try await scene.says(Self.stranger, "!approve") == ["You don't have permission to use this command."])
            _ = try await scene.pass(16 * 60)
            #expect(
                try await scene.says(Self.owner, "!role confirm 15550000002 --session \(own)").first?
                    .hasPrefix("Invalid or expired") == true)
            try await scene.end()

            let audit = try MartletProcess(["audit", "last", "--limit", "100"], home: home)
            #expect(try await audit.exitStatus() == 0)
            let actions = audit.lines.map { $0.split(separator: " ")[3] }
            #expect(actions.filter { $0 == "RBAC_ROLE_CHANGE" }.count == 2)
            #expect(actions.filter { $0 == "ADMIN_SESSION_CREATED" }.count == 2)
            #expect(actions.filter { $0 == "ADMIN_SESSION_EXPIRED_OR_INVALID" }.count == 3)
            #expect(actions.contains("RBAC_ALLOWED") && actions.contains("RBAC_DENIED"))
            #expect(!audit.lines.joined().contains(token) && !audit.lines.joined().contains("1555000"))
        }
    }

    @Test func `a stranger gets a code and is let in by who runs the bot`() async throws {
        try await ModelStub.serving { stub, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment.merging(["ACCESS_POLICY": "pairing"]) { $1 }, home: home)
            let said = try await scene.says(Self.stranger, "שלום לך")
            let code = try #require(said.first?.firstMatch(of: /[A-Z2-9]{8}/)).0
            #expect(said.first?.hasPrefix("אנחנו עוד לא מכירים") == true)
            #expect(stub.questions.isEmpty)
            #expect(
                try await scene.says(Self.owner, "!approve").first?.hasPrefix("\(code): +15550000003, valid for 60")
                    == true)
            #expect(try await scene.says(Self.owner, "!approve NOSUCHCO").first?.hasPrefix("Nobody waits") == true)
            let approved = try await scene.says(Self.owner, "/approve \(code)")
            #expect(Set(approved) == ["Done. I am telling them.", "הבקשה אושרה. אפשר פשוט לכתוב לי."])
            #expect(try await scene.says(Self.stranger, "שלום") == ["echo: שלום"])
            #expect(
                try await scene.says(Self.owner, "!deny 15550000003 1h") == [
                    "From now on I do not answer +15550000003."
                ])
            #expect(try await scene.says(Self.stranger, "hello") == [])
            _ = try await scene.pass(3_600)
            #expect(try await scene.says(Self.stranger, "hello") == ["echo: hello"])
            for name in ["15550000001", "console/15550000001", "console/15550000002"] {
                #expect(
                    try await scene.says(Self.admin, "!block \(name)")
                        == ["That person has as much to say here as you, or more."])
            }
            #expect(
                try await scene.says(Self.owner, "!block 15550000003 someday").first?.hasPrefix("!block NUMBER") == true
            )
            try await scene.end()
        }
    }

    @Test func `who sits at the machine lets people in, too`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try scene(environment.merging(["ACCESS_POLICY": "pairing"]) { $1 }, home: home)
            let said = try await scene.says(Self.stranger, "hello")
            let code = String(try #require(said.first?.firstMatch(of: /[A-Z2-9]{8}/)).0)
            let list = try MartletProcess(["access", "waiting"], home: home)
            #expect(try await list.exitStatus() == 0, "\(list.errors)")
            #expect(list.lines.count == 1 && list.lines[0].hasPrefix(code))
            let wrong = try MartletProcess(["approve", "AAAAAAAA"], home: home)
            #expect(try await wrong.exitStatus() != 0)
            let approve = try MartletProcess(["approve", code], home: home)
            #expect(try await approve.exitStatus() == 0, "\(approve.errors)")
            #expect(try await scene.says(Self.stranger, "hello").contains("echo: hello"))
            // The bot looks for jobs of others once a minute.
            #expect(try await scene.pass(61) == ["You have been let in. Just write to me."])
            try await scene.end()
        }
    }
}
