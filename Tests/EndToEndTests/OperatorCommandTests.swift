import Foundation
import StoreSQLite
import Testing

@testable import App

/// What the commands of an operator leave alone, and what they say.
@Suite struct OperatorCommandTests {
    private let model = ["OPENAI_API_KEY": "sk-test-0000", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]

    @Test func `a dry run of migrate makes nothing, and names what the first start applies`() async throws {
        let home = try TemporaryFolder()
        let dry = try await finish(["migrate", "--dry-run"], home: home)
        #expect(dry.status == 0)
        #expect(!FileManager.default.fileExists(atPath: home.data.path))
        for command in [
            ["dead-letters"], ["backup", "copy.sqlite"], ["accounts"], ["access", "roles"], ["audit", "last"],
        ] {
            let result = try await finish(command, home: home)
            #expect(result.status == 78 && result.errors.contains("martlet run"), "\(result)")
        }
        let verified = try await finish(["audit", "verify", "--file", "/dev/null"], home: home)
        #expect(verified.status == 78 && verified.errors.contains("--key"), "\(verified)")
        #expect(try await finish(["doctor"], home: home, environment: model).output.contains("is not made yet"))
        #expect(!FileManager.default.fileExists(atPath: home.data.path))
        let real = try await finish(["migrate"], home: home)
        #expect(dry.output.replacing("would apply", with: "applied") == real.output)
        #expect(try await finish(["migrate", "--dry-run"], home: home).output == "nothing to do")
    }

    @Test(arguments: [["dead-letters"], ["accounts"], ["audit", "last"]])
    func `a command that lacks its tables says what makes them`(_ command: [String]) async throws {
        let home = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: home.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try await SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite")).close()
        let result = try await finish(command, home: home)
        #expect(result.status == 78 && result.errors.contains("martlet migrate"), "\(result)")
    }

    @Test(arguments: [["--as", ""], ["--group", ""], ["--as", "12"], ["--group", "a\u{7}b"]])
    func `a member or a group that cannot be played is a mistake in the command line`(
        _ wrong: [String]
    ) async throws {
        let result = try await finish(["chat", "--json"] + wrong, home: try TemporaryFolder(), environment: model)
        #expect(result.status == 64 && result.errors.contains(wrong[0]), "\(result)")
    }

    @Test func `a file with a secret that others may read is told by doctor and at the start`() async throws {
        let home = try TemporaryFolder()
        let file = home.url.appending(path: ".env")
        func write(_ text: String, _ mode: Int) throws {
            try Data(text.utf8).write(to: file)
            try FileManager.default.setAttributes([.posixPermissions: mode], ofItemAtPath: file.path)
        }
        let settings = "OPENAI_BASE_URL=http://127.0.0.1:9/v1\nOPENAI_GPT_MODEL=m\n"
        let remedy = "chmod 600 '.env'"
        try write(settings + "OPENAI_API_KEY=sk-secret\n", 0o644)
        let doctor = try await finish(["doctor"], home: home)
        #expect(doctor.status == 1 && doctor.output.contains("problem  settings file"), "\(doctor)")
        #expect(doctor.output.contains(remedy))
        let chat = try await finish(["chat", "--json"], home: home)
        #expect(chat.status == 0 && chat.errors.contains(remedy), "\(chat)")
        for (text, mode) in [(settings, 0o644), (settings + "OPENAI_API_KEY=sk-secret\n", 0o600)] {
            try write(text, mode)
            #expect(try await !finish(["doctor"], home: home).output.contains("chmod"))
            #expect(try await !finish(["chat", "--json"], home: home).errors.contains("chmod"))
        }
    }
}
