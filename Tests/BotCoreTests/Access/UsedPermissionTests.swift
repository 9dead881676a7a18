import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

/// What the audit is told of answers that are not for everybody.
@Suite(.timeLimit(.minutes(1))) struct UsedPermissionTests {
    private func entries(_ text: String) async throws -> [String] {
        let bot = try await BotUnderTest {
            $0.settings = ["OWNER_PHONE_NUMBERS": "15550000009"]
            $0.responders = [
                TestCommand(words: ["look"], needs: .seeRoles) { _, _ in [.verbatim("owners")] },
                TestCommand(words: ["act"], needs: .admitPeople) { _, _ in
                    Answer([.verbatim("done")], audit: [AuditEntry(.accessChange)])
                },
                TestCommand(words: ["wrong"], needs: .seeRoles) { _, _ in
                    throw Refusal(Text("test.usage", en: "usage", he: "usage"), reason: "bad_arguments")
                },
                TestCommand(words: ["plain"]) { _, _ in [.verbatim("hello")] },
                TestCommand(words: ["own"], needs: .exportOwnData) { _, _ in [.verbatim("yours")] },
            ]
        }
        try await bot.run {
            try await bot.receive(.sample(text, from: "owner", phone: "15550000009"))
            #expect(await bot.isQuiet())
            #expect(bot.provider.texts.count == 1)
        }
        return try await bot.database.rows("SELECT action, details FROM audit_entry ORDER BY sequence").map {
            "\(try $0.text("action")) \(try $0.text("details"))"
        }
    }

    @Test(arguments: [
        ("!look", [#"RBAC_ALLOWED {"permission":"see_roles"}"#]), ("!act", ["ACCESS_CHANGE {}"]), ("!wrong", []),
        ("!plain", []), ("!own", []),
    ])
    func `looking is an entry, acting is one, and neither is two`(text: String, expected: [String]) async throws {
        #expect(try await entries(text) == expected)
    }
}
