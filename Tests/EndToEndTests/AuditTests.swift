import Foundation
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
        #expect(verified.status == 0 && verified.lines == ["2 entries, sealed up to 2: whole"])

        let file = home.url.appending(path: "audit.jsonl")
        #expect(try await martlet(["audit", "export", file.path], home: home).status == 0)
        #expect(try await martlet(["audit", "export", file.path], home: home).status == 78)
        #expect(
            try FileManager.default.attributesOfItem(atPath: file.path)[.posixPermissions] as? NSNumber == 0o600)
        let whole = try await martlet(["audit", "verify", "--file", file.path], home: home)
        #expect(whole.lines == ["2 entries, sealed up to 2: whole"])
        let text = try String(contentsOf: file, encoding: .utf8)
        try text.replacing("always", with: "prefix").write(to: file, atomically: false, encoding: .utf8)
        let changed = try await martlet(["audit", "verify", "--file", file.path], home: home)
        #expect(changed.status == 1 && changed.lines == ["the audit is not whole: entry 1 was changed"])
    }
}
