import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

/// The audit of a real process, looked at by the commands for it.
@Suite struct AuditTests {
    private func martlet(
        _ arguments: [String], home: TemporaryFolder
    ) async throws -> (status: Int32, lines: [String], errors: String) {
        let process = try MartletProcess(arguments, home: home)
        let status = try await process.exitStatus()
        return (status, process.lines, process.errors)
    }

    @Test func `what an admin does and a user tries is recorded, exported and verified`() async throws {
        let home = try TemporaryFolder()
        for (number, line) in [("15550000001", "!activation always"), ("15550000002", "!activation prefix")] {
            let chat = try MartletProcess(
                ["chat", "--json", "--group", "team", "--as", number], home: home,
                environment: ["ADMIN_PHONE_NUMBERS": "15550000001", "OPENAI_BASE_URL": "http://127.0.0.1:1/v1"])
            try chat.send(#"{"text":"\#(line)"}"#)
            try await chat.line { $0 == #"{"idle":true}"# }
            chat.closeInput()
            #expect(try await chat.exitStatus() == 0, "\(chat.errors)")
        }
        let last = try await martlet(["audit", "last"], home: home)
        #expect(last.lines.count == 2)
        #expect(last.lines[0].contains("RBAC_DENIED denied") && last.lines[0].contains("groups"))
        #expect(last.lines[1].contains("CONFIG_UPDATE done") && last.lines[1].contains("always"))
        #expect(!last.lines.joined().contains("1555"))
        let verified = try await martlet(["audit", "verify"], home: home)
        // Reading it was the third.
        #expect(verified.status == 0 && verified.lines == ["3 entries, sealed up to 3: whole"])
        let kept = home.url.appending(path: "kept.seals")
        try FileManager.default.copyItem(at: home.data.appending(path: "audit.seals"), to: kept)

        let file = home.url.appending(path: "audit.jsonl")
        #expect(try await martlet(["audit", "export", file.path], home: home).status == 0)
        #expect(try await martlet(["audit", "export", file.path], home: home).status == 78)
        #expect(
            try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber == 0o600)
        let whole = try await martlet(["audit", "verify", "--file", file.path], home: home)
        // The export has the entry of its own making, and none of the second, which made nothing.
        #expect(whole.lines == ["4 entries, sealed up to 4: whole"])
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("always", with: "prefix").write(to: file, atomically: false, encoding: .utf8)
        let changed = try await martlet(["audit", "verify", "--file", file.path], home: home)
        #expect(changed.status == 1 && changed.lines == ["the audit is not whole: entry 1 was changed"])

        let denied = try await martlet(["audit", "last", "--outcome", "denied", "--since", "2026-01-01"], home: home)
        #expect(denied.lines.count == 1 && denied.lines[0].hasPrefix("2 "))
        for wrong in [["--outcome", "x"], ["--since", "x"], ["--about", "x"], ["--action", "x"], ["--limit", "0"]] {
            #expect(try await martlet(["audit", "last"] + wrong, home: home).status == 64, "\(wrong)")
        }

        // Whoever may write the folder cuts the end off everywhere.
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
        for statement: SQL in [
            "DROP TRIGGER audit_entry_delete", "DROP TRIGGER audit_seal_delete",
            "DELETE FROM audit_entry WHERE sequence > 2", "DELETE FROM audit_seal WHERE sequence > 2",
        ] { try await database.run(statement) }
        try await database.close()
        let seals = home.data.appending(path: "audit.seals")
        let lines = try String(contentsOf: seals, encoding: .utf8).split(separator: "\n").prefix(2)
        try Data(lines.map { "\($0)\n" }.joined().utf8).write(to: seals)
        let cut = try await martlet(["audit", "verify", "--seals", kept.path], home: home)
        #expect(cut.status == 1 && cut.lines.first?.contains("it ends with entry 2, but entry 3 was sealed") == true)
        #expect(try await martlet(["audit", "verify", "--seals", "/dev/null"], home: home).status == 78)
        #expect(try await martlet(["audit", "verify", "--seals", "x", "--file", "y"], home: home).status == 64)

        // Without the key nothing is whole, and none is made.
        try FileManager.default.removeItem(at: home.data.appending(path: "audit.key"))
        for command in [["audit", "verify"], ["audit", "last"], ["access", "roles"]] {
            #expect(try await martlet(command, home: home).status == 78, "\(command)")
        }
        #expect(!FileManager.default.fileExists(atPath: home.data.appending(path: "audit.key").path))
    }

    @Test func `what is done and looked at beside the bot is recorded`() async throws {
        let home = try TemporaryFolder()
        #expect(try await martlet(["migrate"], home: home).status == 0)
        let copy = home.url.appending(path: "copy.sqlite").path
        for command in [["accounts"], ["access", "roles"], ["access", "waiting"], ["backup", copy]] {
            #expect(try await martlet(command, home: home).status == 0, "\(command)")
        }
        // What makes nothing, and shows nothing, is none.
        #expect(try await martlet(["backup", copy], home: home).status == 78)
        #expect(try await martlet(["audit", "verify"], home: home).lines == ["4 entries, sealed up to 4: whole"])
        let last = try await martlet(["audit", "last"], home: home).lines
        #expect(
            last.reversed().map { $0.split(separator: " ").dropFirst(2).joined(separator: " ") } == [
                #"terminal RBAC_ALLOWED done - - {"command":"accounts"}"#,
                #"terminal RBAC_ALLOWED done - - {"command":"access roles"}"#,
                #"terminal RBAC_ALLOWED done - - {"command":"access waiting"}"#,
                #"terminal DATA_EXPORTED done - - {"command":"backup"}"#,
            ])
        // The copy has the entry of its own making.
        let database = try SQLiteDatabase.open(URL(filePath: copy))
        #expect(try await database.rows("SELECT COUNT(*) AS n FROM audit_entry")[0].int("n") == 4)
        try await database.close()
    }
}
