import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

/// Nothing is kept beyond the running conversation unless its members said so, and they are asked once.
@Suite(.timeLimit(.minutes(4))) struct ConsentTests {
    private static let (dana, omer, noa, admin) = ("15550000007", "15550000008", "15550000009", "15550000002")
    private static let question = "May I keep this chat for 30 days"

    /// How many messages of a chat are stored.
    private func stored(_ chat: String, _ home: TemporaryFolder) async throws -> Int64 {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
        let rows = try await database.rows(
            """
            SELECT (SELECT COUNT(*) FROM inbox WHERE chat LIKE \("%" + chat))
                + (SELECT COUNT(*) FROM conversation_entry WHERE chat LIKE \("%" + chat)) AS n
            """)
        try await database.close()
        return try rows[0].int("n")
    }

    @Test func `a member is asked once, when there is more than a running conversation, and the answer holds`()
        async throws
    {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment, home: home)
            let people = [Self.dana, Self.omer, Self.noa]
            for person in people {
                #expect(try await scene.says(person, "hello").map(\.text) == ["echo: hello"])
            }
            _ = try await scene.pass(20 * 3_600)
            for person in people {
                #expect(try await scene.says(person, "there?").map(\.text) == ["echo: there?"])
            }
            _ = try await scene.pass(6 * 3_600)
            var menus: [String: [ConsoleScene.Option]] = [:]
            for person in people {
                let said = try await scene.says(person, "and now?")
                #expect(said.first?.text == "echo: and now?" && said.count == 2, "\(said)")
                #expect(said.last?.text?.contains(Self.question) == true)
                menus[person] = try #require(said.last?.menu)
            }
            let accept = try #require(menus[Self.dana]?.first?.id)
            let decline = try #require(menus[Self.omer]?.last?.id)
            #expect(try await scene.says(Self.dana, accept).first?.text?.contains("you agreed") == true)
            #expect(try await scene.says(Self.omer, decline).first?.text?.contains("as was decided") == true)
            // Noa says neither; nobody is asked again.
            for round in 1...3 {
                _ = try await scene.pass(12 * 3_600)
                for person in people {
                    #expect(try await scene.says(person, "round \(round)").map(\.text) == ["echo: round \(round)"])
                }
            }
            _ = try await scene.pass(3 * 86_400)
            #expect(try await stored(Self.dana, home) > 10)
            #expect(try await stored(Self.omer, home) == 0)
            #expect(try await stored(Self.noa, home) == 0)
            // Remembered for as long as they stay.
            for person in people {
                #expect(try await scene.says(person, "back").map(\.text) == ["echo: back"])
            }
            _ = try await scene.pass(31 * 86_400)
            #expect(try await stored(Self.dana, home) == 0)
            try await scene.end()
        }
    }

    @Test func `a group is told once, and an admin's consent is read by all`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment.merging(["ADMIN_PHONE_NUMBERS": Self.admin]) { $1 }, home: home)
            for group in ["team", "club"] { _ = try await scene.says(Self.dana, "!gpt hello", in: group) }
            _ = try await scene.pass(23 * 3_600)
            for group in ["team", "club"] { _ = try await scene.says(Self.dana, "!gpt on", in: group) }
            _ = try await scene.pass(2 * 3_600)
            for group in ["team", "club"] {
                let said = try await scene.says(Self.omer, "!gpt and on", in: group)
                #expect(said.count == 2 && said.last?.text?.hasPrefix("For everybody") == true, "\(said)")
                #expect(try await scene.says(Self.dana, "!gpt again", in: group).count == 1)
            }
            let denied = ["You don't have permission to use this command."]
            #expect(try await scene.says(Self.omer, "!privacy accept", in: "team").map(\.text) == denied)
            #expect(
                try await scene.says(Self.admin, "!privacy accept", in: "team").first?.text?.hasPrefix(
                    "For everybody in this group") == true)
            _ = try await scene.pass(3 * 86_400)
            #expect(try await stored("team", home) > 0)
            #expect(try await stored("club", home) == 0)
            try await scene.end()
        }
    }

    @Test func `who wants a chat kept for longer is asked there and then; in Hebrew it reads so`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment, home: home)
            _ = try await scene.says(Self.omer, "שלום, מה שלומך היום?")
            let said = try await scene.says(Self.dana, "!retention set 60")
            #expect(said.last?.text?.contains("May I keep this chat for 60 days") == true, "\(said)")
            #expect(said.last?.menu?.count == 2)
            #expect(try await scene.says(Self.dana, "!retention set 90").count == 1)
            _ = try await scene.pass(13 * 3_600)
            _ = try await scene.says(Self.omer, "עוד שאלה קטנה")
            _ = try await scene.pass(12 * 3_600)
            #expect(try await scene.says(Self.dana, "and now?").map(\.text) == ["echo: and now?"])
            let asked = try await scene.says(Self.omer, "ועוד אחת")
            #expect(asked.last?.text?.contains("אפשר לשמור את הצ׳אט הזה") == true, "\(asked)")
            #expect(asked.last?.menu?.first?.title == "כן, בסדר")
            try await scene.end()
        }
    }
}
