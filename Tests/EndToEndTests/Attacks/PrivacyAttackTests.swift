import Foundation
import TestKit
import Testing

/// Attempts to erase or to copy what is somebody else's, or to read what became of it.
@Suite(.timeLimit(.minutes(3))) struct PrivacyAttackTests {
    private static let (dana, mallory) = (AttackScene.member, "15550000007")

    @Test func `nobody erases or copies what is another's, and each attempt is in the audit`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            let members = ["WHITELISTED_PHONE_NUMBERS": "\(Self.dana),\(Self.mallory)"]
            var scene = try AttackScene(environment.merging(members) { $1 }, home: home)
            _ = try await scene.says(Self.dana, "PRECIOUS words")
            _ = try await scene.says(Self.dana, "!gpt PRECIOUS to the group", in: AttackScene.group)
            let asked = try await scene.says(Self.dana, "!wipe")
            let code = String(try #require(asked.firstMatch(of: /!wipe ([A-Z2-9]{6})/)).1)
            let notWaiting = "I am not waiting for that code from you here"
            var refused = 0
            for (person, text, group, chat) in [
                (Self.mallory, "!wipe \(code)", nil, nil), (Self.mallory, "!wipe \(code)", nil, Self.dana),
                (Self.mallory, "!wipe \(code)", AttackScene.group, nil), (AttackScene.owner, "!wipe \(code)", nil, nil),
                (Self.dana, "!wipe \(code)", AttackScene.group, nil), (Self.dana, "!wipe \(code)", nil, "15550000009"),
                (Self.mallory, "!wipe AAAAAA", nil, nil),
            ] as [(String, String, String?, String?)] {
                let said = try await scene.says(person, text, in: group, chat: chat)
                #expect(said.hasPrefix(notWaiting), "\(text) by \(person): \(said)")
                refused += 1
            }
            for text in [
                "!wipe \(Self.dana)", "!wipe +\(Self.dana) now", "!wipe console/\(Self.dana)", "!export \(Self.dana)",
                "!export console/\(Self.dana)",
            ] {
                for person in [Self.mallory, AttackScene.admin] {
                    let usage = text.hasPrefix("!wipe") ? "!wipe – erase all" : "!export – a copy"
                    #expect(try await scene.says(person, text).hasPrefix(usage), "\(text)")
                    refused += 1
                }
            }
            let denied = "You don't have permission to use this command."
            for text in ["!wipe group", "!wipe group \(code)", "!retention set 1", "!privacy decline"] {
                #expect(try await scene.says(Self.mallory, text, in: AttackScene.group) == denied, "\(text)")
                refused += 1
            }
            // A copy holds what is one's own, and goes to a direct chat alone.
            #expect(
                try await scene.says(Self.mallory, "!export", in: AttackScene.group).contains("only in a direct chat"))
            refused += 1
            #expect(try await scene.says(Self.mallory, "!export").contains("PRECIOUS") == false)
            #expect(try await scene.says(AttackScene.stranger, "!export") == "")
            #expect(try await scene.says(AttackScene.stranger, "!wipe \(code)") == "")
            try await scene.end()
            #expect(try !home.files(holding: "PRECIOUS words").isEmpty)
            #expect(try !home.files(holding: "PRECIOUS to the group").isEmpty)
            let audit = try await ExportedAudit(home)
            #expect(audit.denials("RBAC_DENIED") == refused, "\(audit.entries)")
            #expect(audit.acts("DATA_WIPED") == 0 && audit.acts("DATA_EXPORTED") == 1)
        }
    }
}
