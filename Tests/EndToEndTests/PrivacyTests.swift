import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing
import WhatsAppEmulator

@testable import App

/// What members may know and decide about what is stored of them, with the real program.
@Suite(.timeLimit(.minutes(4))) struct PrivacyTests {
    private static let dana = "15550000007"
    private static let omer = "15550000008"
    private static let admin = "15550000002"

    /// Opens the bot's database beside it.
    private func database(_ home: TemporaryFolder) throws -> SQLiteDatabase {
        var options = SQLiteDatabase.Options()
        options.isOnlyInstance = false
        return try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"), options)
    }

    private func count(_ query: SQL, _ home: TemporaryFolder) async throws -> Int {
        let database = try database(home)
        let count = Int(try await database.rows(query)[0].int("n"))
        try await database.close()
        return count
    }

    private func code(in lines: [ConsoleScene.Line]) throws -> String {
        let menu = try #require(lines.compactMap(\.menu).first)
        #expect(menu.count == 2)
        return String(try #require(menu[0].id.split(separator: " ").last))
    }

    /// Tables that hold no row after what the marker test does, and why.
    private static let unplanted = [
        "access_rule": "decided by those who run the bot; it stays",
        "access_identity": "comes of such decisions; it stays",
        "admin_lock": "keeps guessers out; it stays",
        "access_pairing": "only of people who are not answered, so that they cannot ask; see ErasureTests",
        "admin_session": "of operators; see the test of one below",
        "job": "is whose it is only while it waits; see ErasureTests and WaitingWorkTests",
        "alert_contact": "of those who get alerts; see ErasureTests",
        "runtime_setting": "of !config; see ErasureTests",
        "runtime_setting_change": "of !config; see ErasureTests",
        "cloud_user": "of the Cloud API; see below", "cloud_chat": "of the Cloud API; see below",
        "cloud_update": "names people only in what could not be read; see ErasureTests",
        "web_user": "of linked accounts; see LinkedWipeTests", "web_chat": "of linked accounts; see LinkedWipeTests",
        "web_poll": "of linked accounts; see LinkedWipeTests",
    ]

    @Test func `a wipe leaves no byte of a member, and all of the others`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment, home: home)
            for round in 1...30 {
                _ = try await scene.says(Self.dana, "MARKER-\(round) tell me something \(round)")
                _ = try await scene.says(Self.omer, "OTHER-\(round)")
            }
            #expect(
                try await scene.says(Self.dana, "!gpt MARKER-in-group", in: "team").first?.text?.contains("MARKER")
                    == true)
            _ = try await scene.says(Self.omer, "!gpt OTHER-in-group", in: "team")
            _ = try await scene.says(Self.dana, "!retention set 60")
            _ = try await scene.says(Self.dana, "שלום MARKER-hebrew, מה שלומך היום?")
            #expect(try await scene.says(Self.dana, "!פרטיות אישור").first?.text?.hasPrefix("נרשם") == true)
            let sent = try await scene.says(Self.dana, "!export")
            let archive = try #require(sent.compactMap(\.media).first)
            #expect(FileManager.default.fileExists(atPath: archive))
            let code = try code(in: try await scene.says(Self.dana, "!wipe"))

            // Every table that can hold something about her does so, or is listed.
            let store = try database(home)
            for data in ProductSchema.whole.personalData
            where data.member != nil || data.chat != nil || data.naming != nil {
                if Self.unplanted[data.table.text] != nil { continue }
                let column = try #require(data.member ?? data.chat)
                let rows = try await store.rows(
                    "SELECT COUNT(*) AS n FROM \(name: data.table) WHERE \(name: column) LIKE \("%" + Self.dana)")
                #expect(try rows[0].int("n") > 0, "nothing planted in \(data.table.text)")
            }
            try await store.close()
            #expect(try !home.files(holding: "MARKER").isEmpty)

            let erased = try await scene.says(Self.dana, "!wipe \(code)")
            let receipt = try #require(erased.last?.text)
            #expect(receipt.contains("הודעות שכתבת") && receipt.contains(/[0-9a-f]{64}/))
            for seconds in [2, 2, 120] { _ = try await scene.pass(seconds) }
            for word in ["MARKER", Self.dana, archive] {
                #expect(try home.files(holding: word) == [], "\(word)")
                #expect(!scene.process.errors.contains(word), "\(word)")
            }
            #expect(!FileManager.default.fileExists(atPath: archive))
            #expect(try !home.files(holding: "OTHER-30").isEmpty)
            #expect(try await count("SELECT COUNT(*) AS n FROM conversation_entry", home) == 62)
            // The hash is that of the entry.
            let hash = String(try #require(receipt.firstMatch(of: /[0-9a-f]{64}/)).0)
            #expect(
                try await count(
                    "SELECT COUNT(*) AS n FROM audit_entry WHERE hash = \(hash) AND action = 'DATA_WIPED'", home) == 1)
            // She may begin anew.
            #expect(try await scene.says(Self.dana, "hello again").last?.text == "echo: hello again")
            try await scene.end()
        }
    }

    @Test func `a wipe that is killed in its middle ends after the restart`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment, home: home)
            _ = try await scene.says(Self.dana, "MARKER hello")
            let store = try database(home)
            try await store.run(
                """
                WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
                INSERT INTO conversation_entry (id, chat, member, speaker, text, tokens, created_at)
                SELECT i, chat, member, 'member', 'MARKER ' || i, 1, received_at FROM n, (SELECT * FROM inbox LIMIT 1)
                """)
            let code = try code(in: try await scene.says(Self.dana, "!wipe"))
            try scene.send(Self.dana, "!wipe \(code)")
            _ = try await eventually("the wipe is in its middle", within: .patience) {
                let left = try await store.rows("SELECT COUNT(*) AS n FROM conversation_entry")[0].int("n")
                return left < 95_000 ? left : nil
            }
            scene.process.signal(SIGKILL)
            _ = try await scene.process.exitStatus()
            let left = try await store.rows("SELECT COUNT(*) AS n FROM conversation_entry")[0].int("n")
            #expect(left > 0, "it was over before the kill")
            try await store.close()

            var after = try ConsoleScene(environment, home: home)
            var said: [ConsoleScene.Line] = []
            for seconds in [1, 61, 61, 2, 2, 120] { said += try await after.pass(seconds) }
            #expect(said.contains { $0.text?.contains("100002") == true || $0.text?.contains("100001") == true })
            #expect(try home.files(holding: "MARKER") == [] && home.files(holding: Self.dana) == [])
            try await after.end()
        }
    }

    @Test func `an export holds what is the member's, in both languages, and nothing of others`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment, home: home)
            _ = try await scene.says(Self.dana, "MINE <script>alert(1)</script> & \"quotes\"")
            _ = try await scene.says(Self.omer, "THEIRS")
            _ = try await scene.says(Self.omer, "!gpt THEIRS too", in: "team")
            _ = try await scene.says(Self.dana, "!gpt MINE too", in: "team")
            #expect(try await scene.says(Self.dana, "!export", in: "team").first?.text?.contains("direct chat") == true)
            let english = try await scene.says(Self.dana, "!export")
            #expect(english.first?.text == "I am preparing it and send it here as a file.")
            #expect(english.last?.chat == Self.dana)
            let path = try #require(english.compactMap(\.media).first)
            let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            #expect(mode == 0o600)
            let export = try OpenedExport(path)
            #expect(export.names == ["data.json", "index.html"])
            #expect(export.rows("inbox").count == 4 && export.rows("conversation_entry").count == 4)
            #expect(export.rows("inbox")[0]["received_at"] as? String != nil)
            #expect(export.page.contains("Messages that you wrote") && export.page.contains("dir=\"ltr\""))
            #expect(export.page.contains("&lt;script&gt;alert(1)") && !export.page.contains("<script>"))
            #expect(!export.page.contains("THEIRS") && !"\(export.data)".contains("THEIRS"))
            #expect(!"\(export.data)".contains(Self.omer))
            #expect(try await scene.says(Self.dana, "!export").first?.text?.contains("24 hours") == true)
            _ = try await scene.pass(150)
            #expect(!FileManager.default.fileExists(atPath: path))

            _ = try await scene.pass(86_400)
            _ = try await scene.says(Self.dana, "שלום, מה שלומך היום? MINE")
            let hebrew = try OpenedExport(
                try #require(try await scene.says(Self.dana, "!export").compactMap(\.media).first))
            #expect(hebrew.page.contains("הודעות שכתבת") && hebrew.page.contains("dir=\"rtl\""))
            if let keep = ProcessInfo.processInfo.environment["MARTLET_KEEP_EXPORTS"] {
                try export.page.write(toFile: keep + "/english.html", atomically: true, encoding: .utf8)
                try hebrew.page.write(toFile: keep + "/hebrew.html", atomically: true, encoding: .utf8)
            }
            try await scene.end()
        }
    }

    @Test func `nobody wipes for another, in another chat, too late, or without right`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment.merging(["ADMIN_PHONE_NUMBERS": Self.admin]) { $1 }, home: home)
            _ = try await scene.says(Self.dana, "MINE")
            let code = try code(in: try await scene.says(Self.dana, "!wipe"))
            let refused = "I am not waiting for that code from you here, or no longer. To begin anew, send !wipe"
            #expect(try await scene.says(Self.omer, "!wipe \(code)").map(\.text) == [refused])
            #expect(try await scene.says(Self.dana, "!wipe \(code)", in: "team").map(\.text) == [refused])
            #expect(try await scene.says(Self.dana, "!wipe keep").map(\.text) == ["Nothing was erased."])
            #expect(try await scene.says(Self.dana, "!wipe \(code)").map(\.text) == [refused])
            let late = try self.code(in: try await scene.says(Self.dana, "!wipe"))
            _ = try await scene.pass(601)
            #expect(try await scene.says(Self.dana, "!wipe \(late)").map(\.text) == [refused])
            let denied = ["You don't have permission to use this command."]
            for command in ["!wipe group", "!retention set 5", "!privacy accept"] {
                #expect(try await scene.says(Self.dana, command, in: "team").map(\.text) == denied, "\(command)")
            }
            #expect(
                try await scene.says(Self.admin, "!privacy accept", in: "team").first?.text?.contains(
                    "everybody in this group") == true)
            #expect(
                try await scene.says(Self.admin, "!retention set 5", in: "team").first?.text?.contains("5 days") == true
            )
            #expect(
                try await count(
                    """
                    SELECT COUNT(*) AS n FROM audit_entry
                    WHERE action IN ('RBAC_DENIED', 'CONSENT_CHANGED', 'RETENTION_POLICY_CREATED')
                    """, home) == 9)
            #expect(try await count("SELECT COUNT(*) AS n FROM inbox WHERE payload LIKE '%MINE%'", home) == 1)
            try await scene.end()
        }
    }

    @Test func `in a group a member erases what is theirs, and an admin everything`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment.merging(["ADMIN_PHONE_NUMBERS": Self.admin]) { $1 }, home: home)
            _ = try await scene.says(Self.dana, "!gpt MINE in the group", in: "team")
            _ = try await scene.says(Self.omer, "!gpt THEIRS in the group", in: "team")
            _ = try await scene.says(Self.dana, "MINE alone")
            let code = try code(in: try await scene.says(Self.dana, "!wipe", in: "team"))
            _ = try await scene.says(Self.dana, "!wipe \(code)", in: "team")
            for seconds in [2, 2] { _ = try await scene.pass(seconds) }
            #expect(try home.files(holding: "MINE in the group") == [])
            #expect(try !home.files(holding: "MINE alone").isEmpty && !home.files(holding: "THEIRS").isEmpty)
            #expect(try await count("SELECT COUNT(*) AS n FROM outbox WHERE member LIKE \("%" + Self.dana)", home) == 0)

            let all = try self.code(in: try await scene.says(Self.admin, "!wipe group", in: "team"))
            _ = try await scene.says(Self.admin, "!wipe group \(all)", in: "team")
            for seconds in [2, 2] { _ = try await scene.pass(seconds) }
            #expect(try home.files(holding: "THEIRS") == [] && !home.files(holding: "MINE alone").isEmpty)
            #expect(try await count("SELECT COUNT(*) AS n FROM inbox WHERE chat LIKE '%team'", home) == 0)
            try await scene.end()
        }
    }

    @Test func `an operator's session goes, and what was decided stays and is said`() async throws {
        try await ModelStub.serving { _, environment in
            let home = try TemporaryFolder()
            var scene = try ConsoleScene(environment.merging(["OPERATOR_PHONE_NUMBERS": Self.dana]) { $1 }, home: home)
            _ = try await scene.says(Self.dana, "!admin-login")
            #expect(try await count("SELECT COUNT(*) AS n FROM admin_session", home) == 1)
            let code = try code(in: try await scene.says(Self.dana, "!wipe"))
            let receipt = try await scene.says(Self.dana, "!wipe \(code)").last?.text
            #expect(receipt?.contains("Admin sessions") == true && receipt?.contains("decided stays") == true)
            #expect(try await count("SELECT COUNT(*) AS n FROM admin_session", home) == 0)
            #expect(try await count("SELECT COUNT(*) AS n FROM access_identity", home) == 1)
            try await scene.end()
        }
    }

    @Test func `on the Cloud API number and name go too, and who writes again is somebody new`() async throws {
        try await CloudBot.running { bot in
            _ = try await bot.emulator.receive(text: "MARKER hello", from: CloudBot.user)
            _ = try await eventually("the answer") { await bot.texts.contains("echo: MARKER hello") ? true : nil }
            for table in ["cloud_user", "cloud_chat"] as [SQLName] {
                #expect(try await count("SELECT COUNT(*) AS n FROM \(name: table)", bot.home) == 1)
            }
            _ = try await bot.emulator.receive(text: "!wipe", from: CloudBot.user)
            let store = try database(bot.home)
            let code = try await eventually("the question") {
                try await store.rows("SELECT code FROM data_wipe").first?.text("code")
            }
            _ = try await bot.emulator.receive(text: "!wipe \(code)", from: CloudBot.user)
            _ = try await eventually("the receipt") {
                await bot.texts.contains { $0.contains("Hash of the entry") } ? true : nil
            }
            _ = try await eventually("nothing is left", within: .patience * 2) {
                try await store.rows("SELECT COUNT(*) AS n FROM job")[0].int("n") == 0
                    && bot.home.files(holding: CloudBot.user).isEmpty ? true : nil
            }
            #expect(try bot.home.files(holding: "MARKER") == [])
            #expect(!bot.process.lines.joined().contains("MARKER"))
            #expect(!bot.process.lines.joined().contains(CloudBot.user))
            try await store.close()
            _ = try await bot.emulator.receive(text: "hello again", from: CloudBot.user)
            _ = try await eventually("the answer") { await bot.texts.contains("echo: hello again") ? true : nil }
            #expect(try await count("SELECT COUNT(*) AS n FROM cloud_user", bot.home) == 1)
        }
    }
}
