import Foundation
import Testing

@testable import App

/// `martlet import-env` as an operator types it.
@Suite struct ImportEnvCommandTests {
    private let home: TemporaryFolder

    init() throws { home = try TemporaryFolder() }

    private func finish(_ arguments: [String]) async throws -> (status: Int32, output: String, errors: String) {
        let process = try MartletProcess(arguments, home: home)
        process.closeInput()
        let status = try await process.exitStatus()
        return (status, process.lines.joined(separator: "\n"), process.errors)
    }

    private func file(_ name: String) -> URL { home.url.appending(path: name) }
    private func write(_ bytes: [UInt8], to name: String = "old.env") throws { try Data(bytes).write(to: file(name)) }
    private func exists(_ name: String) -> Bool { FileManager.default.fileExists(atPath: file(name).path) }

    /// Every variable of both bots, with a value that they take; secrets have `secret` in them.
    private var everything: String {
        let values = [
            "OPENAI_API_KEY": "sk-secret-one", "OPENAI_API_KEYS": "sk-secret-one,sk-secret-two",
            "OPENAI_GPT_MODEL": "gpt-4", "OPENAI_MODEL": "gpt-4", "MAX_MODEL_TOKENS": "2000",
            "PRE_PROMPT": "Don't say \"no\", it costs $5", "PREFIX_ENABLED": "false", "GPT_PREFIX": ".",
            "RESET_PREFIX": "!new",
            "GROUPCHATS_ENABLED": "TRUE", "WHITELISTED_ENABLED": "true",
            "WHITELISTED_PHONE_NUMBERS": "15550000001@c.us,15550000002", "OPENAI_ORGANIZATION": "org-1",
            "OPENAI_PROJECT": "proj_1", "OPENAI_TIMEOUT": "30000", "OPENAI_MAX_RETRIES": "3", "VISION_ENABLED": "true",
            "OWNER_PHONE_NUMBERS": "+15550000001", "ADMIN_PHONE_NUMBERS": "+15550000002",
            "OPERATOR_PHONE_NUMBERS": "+15550000003,+15550000004", "LOG_LEVEL": "warn", "MAX_MESSAGE_LENGTH": "4000",
            "HEALTH_PORT": "3000", "AI_CONFIG_PREFIX": "!config", "PREFIX_SKIPPED_FOR_ME": "true",
            "RATE_LIMIT_ENABLED": "true", "RATE_LIMIT_PER_USER": "10", "RATE_LIMIT_PER_USER_WINDOW": "60",
            "RATE_LIMIT_GLOBAL": "100", "RATE_LIMIT_GLOBAL_WINDOW": "60", "COST_ALERT_ENABLED": "true",
            "COST_ALERT_THRESHOLD_USD": "50", "COST_ALERT_THRESHOLD": "50", "CONVERSATION_RETENTION_DAYS": "7",
        ]
        return EarlierVariable.all.map { "\($0.name)=\(values[$0.name] ?? "secret")" }.joined(separator: "\r\n")
    }

    @Test func `every variable of both bots is taken, and our program accepts what is written`() async throws {
        try write(Array(everything.utf8))
        let dry = try await finish(["import-env", "old.env", "--dry-run"])
        #expect(dry.status == 0 && dry.output.contains("Nothing was written") && !exists(".env"), "\(dry)")
        let result = try await finish(["import-env", "old.env"])
        #expect(result.status == 0 && result.errors.isEmpty, "\(result)")
        #expect(result.output.contains("mapped  OPENAI_GPT_MODEL gpt-4 -> gpt-5.4"))
        #expect(!result.output.contains("secret"), "\(result.output)")
        let lines = result.output.split(separator: "\n").filter { $0.hasPrefix("line ") }
        #expect(lines.count == EarlierVariable.all.count)
        let mode = try FileManager.default.attributesOfItem(atPath: file(".env").path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try Data(contentsOf: file("old.env")) == Data(everything.utf8))

        let config = try await finish(["config"])
        #expect(config.status == 0 && config.errors.isEmpty, "\(config)")
        let shown = Set(config.output.split(separator: "\n").map(String.init))
        for line in [
            "OPENAI_API_KEYS=••••••", "OPENAI_GPT_MODEL=gpt-5.4", "MAX_MODEL_TOKENS=2000", "GROUPCHATS_ENABLED=TRUE",
            "PRE_PROMPT=Don't say \"no\", it costs $5", "GPT_PREFIX=.", "OWNER_PHONE_NUMBERS=+15550000001",
            "LOG_LEVEL=warn", "WHITELISTED_PHONE_NUMBERS=15550000001@c.us,15550000002",
        ] {
            #expect(shown.contains(line), "\(line)\n\(config.output)")
        }
        // Nothing in it is without effect.
        let doctor = try await finish(["doctor"])
        #expect(!doctor.output.contains("settings file"), "\(doctor.output)")
    }

    @Test func `a file that is there is not replaced without force, and the one that is read never`() async throws {
        try write(Array("OPENAI_API_KEY=sk-one-0000\n".utf8))
        try write(Array("OLD=1\n".utf8), to: ".env")
        let refused = try await finish(["import-env", "old.env"])
        #expect(refused.status == 78 && refused.errors.contains("--force") && refused.output.isEmpty, "\(refused)")
        #expect(try EnvFile.read(file(".env").path) == ["OLD": "1"])
        let other = try await finish(["import-env", "old.env", "--output", "new.env"])
        #expect(other.status == 0 && exists("new.env") && other.output.contains("--env-file new.env"))
        let forced = try await finish(["import-env", "old.env", "--force"])
        #expect(forced.status == 0, "\(forced)")
        #expect(try EnvFile.read(file(".env").path)["OPENAI_API_KEY"] == "sk-one-0000")
        for name in ["old.env", "link.env"] {
            if name == "link.env" {
                try FileManager.default.createSymbolicLink(at: file(name), withDestinationURL: file("old.env"))
            }
            let same = try await finish(["import-env", "old.env", "--output", name, "--force"])
            #expect(same.status == 78 && same.errors.contains("is the file that is read"), "\(same)")
        }
        for output in ["data-folder", "none/.env"] {
            try FileManager.default.createDirectory(at: file("data-folder"), withIntermediateDirectories: true)
            let result = try await finish(["import-env", "old.env", "--output", output, "--force"])
            #expect(result.status == 78 && result.errors.contains(output), "\(result)")
        }
    }

    @Test func `while a line is invalid nothing is written, and it is said what to do`() async throws {
        try write(Array("WHITELISTED_ENABLED=true\nWHITELISTED_PHONE_NUMBERS=15550000001,0\nnonsense\n".utf8))
        for arguments in [["import-env", "old.env"], ["import-env", "old.env", "--dry-run"]] {
            let result = try await finish(arguments)
            #expect(result.status == 78 && !exists(".env"))
            #expect(result.output.contains("line 2  invalid WHITELISTED_PHONE_NUMBERS must be telephone numbers"))
            #expect(result.output.contains("line 3  invalid has no =. Write NAME=VALUE"))
            #expect(
                result.errors.contains("has 2 invalid lines") && result.errors.contains("Correct them"), "\(result)")
        }
    }

    @Test func `what cannot be read is told in words`() async throws {
        try write([0xFF, 0xFE, 0x41, 0x00, 0x3D, 0x00])
        try write([UInt8](repeating: UInt8(ascii: "#"), count: (1 << 20) + 1), to: "large.env")
        try write([UInt8](repeating: 0, count: 100), to: "zero.env")
        for (name, words) in [
            ("old.env", "is no text in UTF-8"), ("large.env", "has more than 1 MiB"), ("missing.env", "does not exist"),
            (".", "cannot be read"), ("/dev/zero", "has more than 1 MiB"), ("/dev/null", "no line NAME=VALUE"),
            ("zero.env", "zero bytes"),
        ] {
            let result = try await finish(["import-env", name])
            #expect(result.status == 78 && result.errors.contains(words) && result.output.isEmpty, "\(name): \(result)")
        }
        #expect(try await finish(["import-env"]).status == 64)
        #expect(!exists(".env"))
    }

    @Test func `a file that names no model says so, and what comes next`() async throws {
        try write(Array("LOG_LEVEL=info\n".utf8))
        let result = try await finish(["import-env", "old.env"])
        #expect(result.status == 0 && result.output.contains("No model is named"))
        #expect(result.output.contains("martlet link"))
    }
}
