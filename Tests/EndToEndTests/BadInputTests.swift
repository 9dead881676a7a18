import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

/// Every command with words that it cannot read, said by those who may use it: it says how it is used, in the member's
/// language, and changes nothing.
@Suite(.timeLimit(.minutes(5))) struct BadInputTests {
    private static let (english, hebrew) = ("15550000001", "15550000002")
    private static let group = "120363000000000001"

    /// `!help`, `!status`, `!reset` and `!stop` read no words, and `!gpt` passes them on: those are not here.
    private static let direct = [
        "!allow", "!deny", "!block", "!unblock", "!role", "!role assign", "!role revoke", "!role confirm",
        "!admin-login",
        "!admin-logout", "!audit", "!audit last", "!config", "!config set", "!config set --all", "!config unset",
        "!config undo", "!config dry-run", "!config general whitelist", "!config --me general language", "!הגדרות",
        "!retention", "!retention set",
        "!privacy", "!פרטיות", "!export", "!ייצוא", "!wipe", "!מחיקה", "!why", "!למה", "!approve", "!jobs", "!משימות",
    ]
    private static let inGroup = [
        "!activation", "!retention set", "!privacy", "!wipe", "!wipe group", "!config --here general", "!why",
        "!allow group", "!deny group",
    ]

    /// What follows the command: too much, other scripts, signs, numbers out of range, what other programs would run.
    private static let arguments = [
        "nonsense", "far too many words for any command that there is here, and a few more", "שלום עולם ועוד מילים",
        "مرحبا بالعالم", "你好 世界", "🙂🙂", "\u{202E}abc\u{202C} \u{200B}\u{2066}x", "a\nb\r\nc", "-1", "0", "1.5",
        "99999999999999999999999", "' OR 1=1; --", "%s%n {command} {names}", "../../etc/passwd", "$(reboot) `reboot`",
        "--session", "--here --me --all", "NaN", "\u{0}\u{1}\u{1B}[31m", String(repeating: "x", count: 3_000),
        String(repeating: "א ", count: 1_500), "15550000003 15550000004 15550000005",
    ]

    private static func hasHebrew(_ text: String) -> Bool {
        text.unicodeScalars.contains { (0x05D0...0x05EA).contains($0.value) }
    }

    private func counts(_ home: TemporaryFolder) async throws -> [String] {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let store = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
        var counts: [String] = []
        for table in [
            "access_rule", "admin_session", "runtime_setting", "privacy_choice", "data_wipe", "data_export",
        ] as [SQLName] {
            let rows = try await store.rows("SELECT COUNT(*) AS n FROM \(name: table)")
            counts.append("\(table.text) \(try rows[0].int("n"))")
        }
        counts.append(
            "activation \(try await store.rows("SELECT 1 AS one FROM chat_setting WHERE activation IS NOT NULL").count)"
        )
        try await store.close()
        return counts
    }

    @Test func `brings the usage or a clear word, in the member's language, and changes nothing`() async throws {
        try await ModelStub.serving { model, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(
                environment.merging(["OWNER_PHONE_NUMBERS": "\(Self.english),\(Self.hebrew)"]) { $1 }, home: home)
            for (person, code) in [(Self.english, "en"), (Self.hebrew, "he")] {
                _ = try await scene.says(person, "!config --me general language \(code)")
            }
            let before = try await counts(home)
            for person in [Self.english, Self.hebrew] {
                for (commands, group) in [(Self.direct, nil), (Self.inGroup, Self.group)] as [([String], String?)] {
                    for command in commands {
                        for argument in Self.arguments {
                            let said = try await scene.says(person, "\(command) \(argument)", in: group)
                                .compactMap(\.text).joined(separator: "\n")
                            let what = "\(command) \(argument.prefix(40)) by \(person): \(said.prefix(300))"
                            #expect(!said.isEmpty && said.count < 6_000, "\(what)")
                            for word in ["Something went wrong", "משהו השתבש", "{", "echo:"] {
                                #expect(!said.replacing("{command} {names}", with: "").contains(word), "\(what)")
                            }
                            if person == Self.hebrew {
                                #expect(Self.hasHebrew(said), "\(what)")
                            } else {
                                let own = said.replacing("הגדרות", with: "").replacing("מחיקה", with: "")
                                #expect(!Self.hasHebrew(own) || Self.hasHebrew(argument), "\(what)")
                            }
                        }
                    }
                }
            }
            #expect(try await counts(home) == before)
            #expect(model.questions.isEmpty)
            try await scene.end()
            #expect(!scene.process.errors.contains("a turn failed"))
        }
    }
}
