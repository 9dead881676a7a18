import Foundation
import TestKit
import Testing

/// Every command, said by every role, in a direct chat and in a group, with and without a session: who may is written
/// here once more, for people to check, and asked of the whole product.
@Suite(.timeLimit(.minutes(5))) struct CommandMatrixTests {
    private enum Role: Int, CaseIterable { case user, `operator`, admin, owner }
    private enum Place { case anywhere, direct, groups }

    private struct Form {
        let text: String
        let least: Role
        let place: Place
        var isElevated = false

        init(_ text: String, _ least: Role, _ place: Place = .anywhere, elevated: Bool = false) {
            self.text = text
            self.least = least
            self.place = place
            isElevated = elevated
        }
    }

    /// Where a command would change something, its words are wrong: who may is asked before they are read.
    private static let forms = [
        Form("!help", .user), Form("!status", .user), Form("!stop", .user), Form("!reset", .user),
        Form("!gpt hello", .user), Form("!why", .user),
        Form("!privacy", .user), Form("!privacy nonsense", .user), Form("!privacy accept", .admin, .groups),
        Form("!retention show", .user), Form("!retention set nonsense", .admin, .groups),
        Form("!export nonsense", .user, .direct), Form("!wipe nonsense", .user),
        Form("!wipe group nonsense", .admin, .groups),
        Form("!activation nonsense", .admin, .groups), Form("!allow group", .admin, .groups),
        Form("!allow nonsense", .operator, .direct), Form("!deny nonsense", .operator, .direct),
        Form("!block nonsense", .operator, .direct), Form("!unblock nonsense", .operator, .direct),
        Form("!approve", .operator, .direct), Form("!approve NONSENSE", .operator, .direct),
        Form("!admin-login nonsense", .operator, .direct), Form("!admin-logout nonsense", .operator, .direct),
        Form("!role list", .admin, .direct), Form("!role assign nonsense", .admin, .direct, elevated: true),
        Form("!role revoke nonsense", .admin, .direct, elevated: true),
        Form("!role confirm nonsense", .admin, .direct, elevated: true),
        Form("!audit last 1", .owner, .direct), Form("!jobs", .operator, .direct),
        Form("!jobs cancel nonsense", .operator, .direct),
        Form("!config show", .admin), Form("!config help", .admin), Form("!config chat id", .admin),
        Form("!config dry-run gpt model x", .admin), Form("!config gpt nonsense x", .admin),
        Form("!config unset --all gpt model", .admin, .direct, elevated: true),
        Form("!config undo --all", .admin, .direct, elevated: true),
        Form("!config undo --account", .admin, .direct, elevated: true),
        Form("!config undo --here", .admin), Form("!config unset --me general language", .user),
        Form("!config general whitelist nonsense", .operator, .direct), Form("!config sd generate a cat", .admin),
        Form("!config gpt apiKey sk-abcdefgh12345678", .user),
    ]
    /// Forms that are for everybody in a direct chat, where only the group's are for admins.
    private static let ownInDirectChats: Set<String> = ["!privacy accept", "!retention set nonsense"]

    private static let people: [Role: String] = [
        .owner: "15550000001", .admin: "15550000002", .operator: "15550000003", .user: "15550000004",
    ]
    private static let group = "120363000000000001"

    /// What refuses a form; `nil` when it is answered, if only by its usage.
    private func expected(_ form: Form, _ role: Role, inGroup: Bool, hasSession: Bool) -> String? {
        if !inGroup, Self.ownInDirectChats.contains(form.text) { return nil }
        if role.rawValue < form.least.rawValue { return "You don't have permission" }
        if inGroup, form.place == .direct { return "This command works only in a direct chat" }
        if !inGroup, form.place == .groups { return "This command works only in a group" }
        return form.isElevated && !hasSession ? "This asks for an admin session." : nil
    }

    private static let refusals = [
        "You don't have permission", "This command works only in", "This asks for an admin session.",
        "Invalid or expired admin session", "Something went wrong", "I don't know",
    ]

    @Test func `every command asks for the role, the place and the session that it is meant to`() async throws {
        try await ModelStub.serving { _, environment in
            let settings = environment.merging(["OPERATOR_PHONE_NUMBERS": try #require(Self.people[.operator])]) { $1 }
            let home = try TemporaryFolder()
            var scene = try ChatScene(
                settings, owner: try #require(Self.people[.owner]), admin: try #require(Self.people[.admin]), home: home
            )
            for role in Role.allCases {
                let person = try #require(Self.people[role])
                var token: String?
                if role != .user { token = try ChatScene.token(in: try await scene.says(person, "!admin-login")) }
                for form in Self.forms {
                    for (group, session) in [(nil, nil), (nil, token), (Self.group, nil)] as [(String?, String?)] {
                        // A token in a group would end the session.
                        let text = form.text + (session.map { " --session \($0)" } ?? "")
                        let said = try await scene.says(person, text, group: group).joined(separator: "\n")
                        let wanted = expected(form, role, inGroup: group != nil, hasSession: session != nil)
                        let place = group == nil ? "direct" : "group"
                        let note = "\(form.text) by \(role) in \(place): \(said)"
                        if let wanted {
                            #expect(said.hasPrefix(wanted), "\(note)")
                        } else {
                            #expect(!said.isEmpty && !Self.refusals.contains(where: said.hasPrefix), "\(note)")
                        }
                    }
                }
            }
            // No command is left out.
            let words = Set(Self.forms.map { String($0.text.prefix { $0 != " " }) })
            for group in [nil, Self.group] {
                let help = try await scene.says(try #require(Self.people[.owner]), "!help", group: group)
                for line in try #require(help.first).split(separator: "\n").dropFirst() {
                    let word = String(line.prefix { $0 != " " }.prefix { $0 != "," })
                    #expect(words.contains(word), "\(line)")
                }
            }
            try await scene.end()
            #expect(!scene.process.errors.contains("a turn failed"))
        }
    }
}
