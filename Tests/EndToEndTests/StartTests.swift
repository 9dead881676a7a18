import BotKit
import Foundation
import StoreSQLite
import Testing

@testable import App

/// How the product starts, and how it refuses to.
@Suite struct StartTests {
    private let model = ["OPENAI_API_KEY": "sk-test-0000", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"]

    @Test(arguments: [
        ("HEALTH_PORT", "banana"), ("SETTLE_MILLISECONDS", "-1"), ("OPENAI_BASE_URL", "ftp://x"), ("LOG_LEVEL", "loud"),
        ("CLOUD_PHONE_NUMBER_ID", "1065403522"),
    ])
    func `a wrong value stops the start with key and remedy`(_ key: String, _ value: String) async throws {
        let result = try await finish(
            ["run"], home: try TemporaryFolder(), environment: model.merging([key: value]) { $1 })
        #expect(result.status == 78)
        let family = key.prefix { $0 != "_" }
        #expect(result.errors.contains(family) && result.errors.contains("Set "), "\(result.errors)")
    }

    @Test(arguments: [
        (["HEALTH_HOST": "203.0.113.7"], "HEALTH_HOST"), (["HEALTH_HOST": "no-such-host.invalid"], "HEALTH_HOST"),
        (["HEALTH_PORT": "banana"], "HEALTH_PORT"), (["PRICE_FILE": "/no/such/prices.json"], "PRICE_FILE"),
        (["OPENAI_BASE_URL": ""], "OPENAI_API_KEY"), (["LLM_PROVIDER": "anthropic"], "ANTHROPIC_API_KEY"),
        (
            [
                "CLOUD_PHONE_NUMBER_ID": "106540352242922", "CLOUD_ACCESS_TOKEN": "two words",
                "CLOUD_APP_SECRET": "x", "CLOUD_VERIFY_TOKEN": "y",
            ], "CLOUD_ACCESS_TOKEN"
        ),
    ])
    func `a start that is refused writes nothing`(_ wrong: [String: String], _ key: String) async throws {
        let home = try TemporaryFolder()
        let model = ["OPENAI_BASE_URL": "http://127.0.0.1:9/v1", "HEALTH_PORT": "0"]
        let result = try await finish(["run"], home: home, environment: model.merging(wrong) { $1 })
        #expect(result.status == 78)
        #expect(
            result.errors.contains(key) && ["Set ", "Make "].contains { result.errors.contains($0) }, "\(result.errors)"
        )
        #expect(!FileManager.default.fileExists(atPath: home.data.path))
    }

    @Test func `a missing key says which`() async throws {
        let result = try await finish(["run"], home: try TemporaryFolder())
        #expect(result.status == 78)
        #expect(result.errors.contains("OPENAI_API_KEY"))
    }

    @Test func `a data folder that others may read is refused`() async throws {
        let home = try TemporaryFolder()
        try FileManager.default.createDirectory(
            at: home.data, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o755])
        let result = try await finish(["chat", "--json"], home: home, environment: model)
        #expect(result.status == 78)
        #expect(result.errors.contains("chmod 700"))
    }

    @Test func `a second instance on one folder is refused`() async throws {
        let home = try TemporaryFolder()
        let first = try MartletProcess(["chat", "--json"], home: home, environment: model)
        try first.send(#"{"text":"!help"}"#)
        try await first.line { $0.contains("idle") }
        let second = try await finish(["run"], home: home, environment: model.merging(["HEALTH_PORT": "0"]) { $1 })
        #expect(second.status == 78)
        #expect(second.errors.contains("\(first.pid)"), "\(second.errors)")
        first.closeInput()
        #expect(try await first.exitStatus() == 0)
    }

    @Test func `what a killed process left of files is gone after the next start, beside a running one it stays`()
        async throws
    {
        let home = try TemporaryFolder()
        let folder = home.data.appending(path: "media")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: home.data.path)
        let file = folder.appending(path: "martlet-media-left")
        try Data("x".utf8).write(to: file)
        let running = try MartletProcess(["chat", "--json"], home: home, environment: model)
        try running.send(#"{"text":"!help"}"#)
        try await running.line { $0.contains("idle") }
        #expect(!FileManager.default.fileExists(atPath: file.path))
        try Data("x".utf8).write(to: file)
        let second = try await finish(["run"], home: home, environment: model.merging(["HEALTH_PORT": "0"]) { $1 })
        #expect(second.status == 78 && FileManager.default.fileExists(atPath: file.path))
        running.closeInput()
        #expect(try await running.exitStatus() == 0)
    }

    @Test func `a schema from a newer program is refused`() async throws {
        let home = try TemporaryFolder()
        _ = try await finish(["migrate"], home: home)
        let database = try SQLiteDatabase.open(home.data.appending(path: "martlet.sqlite"))
        try await database.run("INSERT INTO migration (id, checksum, applied_at) VALUES ('future.0001', 'x', 0)")
        try await database.close()
        let result = try await finish(["chat", "--json"], home: home, environment: model)
        #expect(result.status == 78)
        #expect(result.errors.contains("newer"))
    }

    @Test func `the operator's commands work beside a running bot`() async throws {
        let home = try TemporaryFolder()
        let running = try MartletProcess(["chat", "--json"], home: home, environment: model)
        try running.send(#"{"text":"!help"}"#)
        try await running.line { $0.contains("idle") }

        let copy = home.url.appending(path: "copy.sqlite").path
        #expect(try await finish(["backup", copy], home: home).status == 0)
        #expect(FileManager.default.fileExists(atPath: copy))
        #expect(try await finish(["backup", copy], home: home).status == 78)
        #expect(try await finish(["dead-letters"], home: home).output == "none")
        #expect(try await finish(["migrate", "--dry-run"], home: home).output == "nothing to do")
        let doctor = try await finish(["doctor"], home: home, environment: model)
        #expect(doctor.status == 1)
        #expect(doctor.output.contains("ok       schema") && doctor.output.contains("problem  model"), "\(doctor)")
        #expect(doctor.output.contains("only the year is checked"))
        #expect(doctor.output.contains("connection refused") && doctor.output.contains("ok       address"))
        #expect(doctor.output.contains("start the model server, or correct host and port in OPENAI_BASE_URL"))
    }

    @Test func `config shows what is in force and masks secrets`() async throws {
        let result = try await finish(
            ["config", "--set", "SETTLE_MILLISECONDS=7"], home: try TemporaryFolder(), environment: model)
        #expect(result.status == 0)
        #expect(result.output.contains("SETTLE_MILLISECONDS=7"))
        #expect(!result.output.contains("sk-test"))
    }

    @Test(arguments: [
        ("SETTLE_MILISECONDS=7", "SETTLE_MILLISECONDS"), ("settle_milliseconds=7", "SETTLE_MILLISECONDS"),
        ("OPENAI_MODEL=x", "OPENAI_GPT_MODEL"), ("OPENAI_API_KEY_FIL=x", "OPENAI_API_KEY_FILE"),
        ("NOTHING_LIKE_IT_AT_ALL=x", "martlet config"),
    ])
    func `a setting that does not exist is refused, with the one that was meant`(
        _ override: String, _ meant: String
    ) async throws {
        let result = try await finish(["config", "--set", override], home: try TemporaryFolder(), environment: model)
        #expect(result.status == 78)
        #expect(result.errors.contains("--set") && result.errors.contains(meant), "\(result.errors)")
        let unknown = String(override.prefix { $0 != "=" })
        let inherited = try await finish(
            ["config"], home: try TemporaryFolder(), environment: model.merging([unknown: "7"]) { $1 })
        #expect(inherited.status == 0)
    }

    @Test func `a name in the file of settings that means nothing is told at the start and by doctor`() async throws {
        let home = try TemporaryFolder()
        let lines = [
            "OPENAI_API_KYE=sk-secret", "settle_milliseconds=7", "TTS_ENABLED=true", "WHATEVER_IT_WAS=sk-other",
            "EAAGm0PX4ZCpsBAsecret=", "CLOUD_NUMBERS=106540352242923:SHOP_TOKEN", "SHOP_TOKEN=EAAshop",
            "OPENAI_API_KEYS_FILE=", "HEALTH_PORT=0", "CLOUD_PHONE_NUMBER_ID=106540352242922",
            "CLOUD_ACCESS_TOKEN=EAAtest", "CLOUD_APP_SECRET=x", "CLOUD_VERIFY_TOKEN=y",
            "CLOUD_BASE_URL=http://127.0.0.1:9",
        ]
        let file = home.url.appending(path: ".env")
        try Data(lines.joined(separator: "\n").utf8).write(to: file)
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: file.path)
        let environment = model.merging(["OPENAI_API_KYE": "in the environment most names are others'"]) { $1 }
        let doctor = try await finish(["doctor"], home: home, environment: environment)
        let found = doctor.output.split(separator: "\n").filter { $0.contains("settings file") }.map(String.init)
        #expect(
            found.sorted() == [
                "ok       settings file: TTS_ENABLED is known from the original bot, and not used here",
                "problem  settings file: (a name that is not in capitals) is no setting and has no effect",
                "problem  settings file: OPENAI_API_KYE is no setting and has no effect",
                "problem  settings file: WHATEVER_IT_WAS is no setting and has no effect",
                "problem  settings file: settle_milliseconds is no setting and has no effect",
            ], "\(doctor)")
        #expect(doctor.output.contains("problem  whatsapp cloud: CLOUD_BASE_URL does not answer"))
        for remedy in ["Write OPENAI_API_KEY if", "Write SETTLE_MILLISECONDS if"] {
            #expect(doctor.output.contains(remedy))
        }
        let running = try MartletProcess(["run"], home: home, environment: environment)
        try await running.line { $0.contains("are served") }
        running.signal(SIGTERM)
        #expect(try await running.exitStatus() == 0)
        let log = running.lines.joined(separator: "\n")
        for part in [
            #""did_you_mean":"OPENAI_API_KEY""#, #""setting":"WHATEVER_IT_WAS""#, #""settings":"TTS_ENABLED""#,
        ] {
            #expect(log.contains(part), "\(log)")
        }
        for secret in ["sk-secret", "sk-other", "EAAGm0"] {
            #expect(!log.contains(secret) && !doctor.output.contains(secret))
        }
    }

    @Test func `no name of the original bot that is not used is a setting`() async throws {
        let home = try TemporaryFolder()
        let reference = try await finish(["config", "--reference"], home: home)
        let names = Set(reference.output.matches(of: /`([A-Z_]+)` \|/).map { String($0.1) })
        #expect(names.count > 80)
        #expect(EarlierVariable.unused.intersection(names) == [])
    }

    @Test func `a token's own variable is a setting`() async throws {
        let result = try await finish(
            ["config", "--set", "CLOUD_NUMBERS=106540352242923:SHOP_TOKEN", "--set", "SHOP_TOKEN=EAAsecret"],
            home: try TemporaryFolder(), environment: model)
        #expect(result.status == 0 && result.output.contains("SHOP_TOKEN=••••••"), "\(result)")
        let spare = "http://127.0.0.1:9/v1|spare|SPARE_KEY,http://127.0.0.1:10/v1|other|OPENAI_API_KEY"
        let second = try await finish(
            ["config", "--set", "LLM_FALLBACKS=\(spare)", "--set", "SPARE_KEY=sk-spare"], home: try TemporaryFolder(),
            environment: model)
        #expect(second.status == 0 && second.output.contains("SPARE_KEY=••••••"), "\(second)")
        #expect(second.output.matches(of: /OPENAI_API_KEY=/).count == 1)
    }

    @Test func `inspect reads every file that it can, and names the others`() async throws {
        let home = try TemporaryFolder()
        let webhook =
            #"{"object":"whatsapp_business_account","entry":[{"id":"1","changes":[{"field":"x","value":{}}]}]}"#
        try Data("no json".utf8).write(to: home.url.appending(path: "text"))
        try Data(webhook.utf8).write(to: home.url.appending(path: "good.json"))
        let process = try MartletProcess(["webhook", "inspect", "missing", "text", "-", "good.json"], home: home)
        try process.send(webhook)
        process.closeInput()
        #expect(try await process.exitStatus() == 1)
        #expect(process.lines.count == 2 && process.lines[0].contains(#""file":"-""#), "\(process.lines)")
        #expect(process.lines.last?.contains(#""file":"good.json""#) == true)
        let errors = process.errors.split(separator: "\n")
        #expect(errors.count == 2 && errors[0].contains("missing") && errors[1].contains("text"), "\(errors)")
        let well = try await finish(["webhook", "inspect", "good.json"], home: home)
        #expect(well.status == 0 && well.errors.isEmpty)
    }

    @Test(arguments: [
        [], ["run"], ["chat"], ["doctor"], ["migrate"], ["config"], ["version"], ["backup"], ["webhook", "inspect"],
        ["dead-letters"], ["link"], ["accounts"], ["accounts", "list"], ["accounts", "unlink"], ["import-env"],
        ["why"],
    ])
    func `help comes with examples`(_ command: [String]) async throws {
        let result = try await finish(command + ["--help"], home: try TemporaryFolder())
        #expect(result.status == 0)
        #expect(result.output.contains("EXAMPLES"))
        // In a narrow terminal prose is wrapped, and no example is.
        let environment = ["COLUMNS": "60"]
        let narrow = try await finish(command + ["--help"], home: try TemporaryFolder(), environment: environment)
        let lines = Set(narrow.output.split(separator: "\n"))
        for line in result.output.split(separator: "\n") where line.hasPrefix("  martlet ") {
            #expect(lines.contains(line), "\(line)")
        }
    }

    @Test func `a file of settings that cannot be read says which line, and not what stands there`() async throws {
        let home = try TemporaryFolder()
        try Data("LANE_CAPACITY=7\nOPENAI_API_KEY=\"sk-secret\n".utf8).write(to: home.url.appending(path: ".env"))
        let result = try await finish(["run"], home: home)
        #expect(result.status == 78)
        #expect(result.errors.contains("line 2") && !result.errors.contains("sk-secret"), "\(result.errors)")
    }

    @Test func `a file of settings is read, and the environment wins over it`() async throws {
        let home = try TemporaryFolder()
        try Data("LANE_CAPACITY=7\nCHAT_LANES=9\n".utf8).write(to: home.url.appending(path: ".env"))
        let result = try await finish(["config"], home: home, environment: ["CHAT_LANES": "11"])
        #expect(result.output.contains("LANE_CAPACITY=7") && result.output.contains("CHAT_LANES=11"))
    }
}
