import BotKit
import Configuration
import Foundation
import Testing

@Suite struct SettingTests {
    enum Mode: String, CaseIterable, Sendable { case on, off }

    private func config(_ values: [String: String]) -> ConfigReader {
        ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: values))
    }

    private func read<Value>(_ setting: Setting<Value>, _ text: String?) throws -> Value {
        try config(text.map { [setting.name: $0] } ?? [:])[setting]
    }

    @Test func `takes its default when it is absent or empty`() throws {
        let limit = Setting<Int>.integer("LIMIT", default: 5, in: 0...10, "A limit.")
        #expect(try read(limit, nil) == 5)
        #expect(try read(limit, "") == 5)
        #expect(try read(limit, "  ") == 5)
        #expect(try read(limit, " 7 ") == 7)
    }

    @Test(arguments: ["11", "-1", "seven", "1.5", "1e3"])
    func `names key, shape and remedy when a value is wrong`(_ text: String) {
        let limit = Setting<Int>.integer("LIMIT", default: 5, in: 0...10, "A limit.")
        let error = #expect(throws: Misconfiguration.self) { try read(limit, text) }
        #expect(error?.key == "LIMIT")
        #expect(error?.problem == "must be an integer from 0 to 10, is \"\(text)\"")
        #expect(error?.remedy == "Set LIMIT to an integer from 0 to 10, or remove it for the default (5).")
    }

    @Test func `a value that may be missing is refused when it is wrong`() throws {
        @Sendable func half(_ text: String) -> Int? { Int(text).flatMap { $0.isMultiple(of: 2) ? $0 / 2 : nil } }
        let short = Setting<Int?>("HALF", shape: "an even number", default: nil, written: nil, "") { half($0) }
        let long = Setting<Int?>("HALF", shape: "an even number", default: nil, written: nil, "") { text in
            let value = half(text)
            return value
        }
        for setting in [short, long] {
            #expect(try [nil, "", "8"].map { try read(setting, $0) } == [nil, nil, 4])
            #expect(throws: Misconfiguration.self) { try read(setting, "7") }
            #expect(throws: Misconfiguration.self) { try read(setting.neverZero("it is a test"), "7") }
        }
    }

    @Test func `a limit of 0 is none`() throws {
        let limit = Setting<Int>.limit("LIMIT", default: 5, upTo: 10, "A limit.")
        #expect(try ["0", "1", "10", nil].map { try read(limit, $0) } == [.max, 1, 10, 5])
        #expect(limit.purpose == "A limit. 0 = no limit.")
        #expect(throws: Misconfiguration.self) { try read(limit, "11") }
        #expect(try limit.described.effective(config(["LIMIT": "0"])) == "0")
    }

    @Test(arguments: ["0", "00", "0.0"])
    func `what cannot be switched off says why, on the page and to who tries`(_ text: String) throws {
        let wait = Setting<Duration>.seconds("WAIT", default: 5, in: 1...9, "A wait.").neverZero("it would not wait")
        #expect(wait.purpose == "A wait. Cannot be 0: it would not wait.")
        let error = #expect(throws: Misconfiguration.self) { try read(wait, text) }
        #expect(error?.problem == "cannot be 0: it would not wait")
        #expect(error?.remedy == "Set WAIT to seconds from 1 to 9, or remove it for the default (5).")
        #expect(try read(wait, "9") == .seconds(9))
        #expect(#expect(throws: Misconfiguration.self) { try read(wait, "10") }?.problem.hasPrefix("must be ") == true)
    }

    @Test func `reads each kind`() throws {
        #expect(try read(Setting<Double>.number("N", default: 1, in: 0...2, ""), "0.5") == 0.5)
        #expect(try read(Setting<Duration>.seconds("N", default: 1, in: 0...99, ""), "20") == .seconds(20))
        #expect(try read(Setting<Duration>.milliseconds("N", default: 1, in: 0...999, ""), "400") == .milliseconds(400))
        #expect(try read(Setting<[String]>.list("N", ""), " a, ,b ,") == ["a", "b"])
        #expect(try read(Setting<URL?>.url("N", ""), "https://example.com/v1")?.host() == "example.com")
        #expect(try read(Setting<Mode>.choice("N", default: .on, ""), "OFF") == .off)
        #expect(try read(Setting<String>.word("N", default: "!a", ""), "!b") == "!b")
        #expect(try read(Setting<[Person]>.people("N", ""), "+15550000001,15550000002@c.us, US.1349").count == 3)
    }

    @Test func `takes only the word true for true`() throws {
        let flag = Setting<Bool>.flag("FLAG", default: true, "")
        #expect(
            try ["true", "TRUE", "false", "False"].map { try read(flag, $0) } == [true, true, false, false])
        for word in ["yes", "1", "maybe"] {
            #expect(throws: Misconfiguration.self) { try read(flag, word) }
        }
        #expect(try read(flag, nil))
    }

    @Test func `refuses values of the wrong shape`() {
        #expect(throws: Misconfiguration.self) { try read(Setting<URL?>.url("N", ""), "file:///etc/passwd") }
        #expect(throws: Misconfiguration.self) { try read(Setting<URL?>.url("N", ""), "example.com") }
        for text in ["dana", "15550000001/15550000002", "cloud/u12"] {
            #expect(throws: Misconfiguration.self) { try read(Setting<[Person]>.people("N", ""), text) }
        }
        #expect(throws: Misconfiguration.self) { try read(Setting<String>.word("N", default: "!a", ""), "two words") }
        #expect(throws: Misconfiguration.self) { try read(Setting<Mode>.choice("N", default: .on, ""), "maybe") }
        #expect(throws: Misconfiguration.self) {
            try read(Setting<Double>.number("N", default: 1, in: 0...2, ""), "nan")
        }
    }

    @Test func `never shows a secret, right or wrong`() throws {
        let keys = Setting<[String]>.list("KEYS", secret: true, "Keys.")
        #expect(try keys.described.effective(config(["KEYS": "sk-1,sk-2"])) == "••••••")
        let secret = Setting<Int>("PIN", shape: "four digits", default: 0, written: nil, secret: true, "") { Int($0) }
        let error = #expect(throws: Misconfiguration.self) { try read(secret, "hunter2") }
        #expect(error?.description.contains("hunter2") == false)
    }

    @Test func `reads a secret from a file`() throws {
        let file = FileManager.default.temporaryDirectory.appending(path: "secret-\(UUID().uuidString)")
        try " sk-test \n".write(to: file, atomically: true, encoding: .utf8)
        defer { try? FileManager.default.removeItem(at: file) }
        let key = Setting<String?>.secret("KEY", "A key.")
        #expect(try config(["KEY_FILE": file.path])[key] == "sk-test")
        #expect(try config(["KEY_FILE": file.path, "KEY": "direct"])[key] == "direct")
        let error = #expect(throws: Misconfiguration.self) { try config(["KEY_FILE": "/nowhere"])[key] }
        #expect(error?.key == "KEY_FILE")
    }

    @Test func `shows the value in force`() throws {
        let limit = Setting<Int>.integer("LIMIT", default: 5, in: 0...10, "A limit.").described
        #expect(try limit.effective(config([:])) == "5")
        #expect(try limit.effective(config(["LIMIT": "7"])) == "7")
        #expect(throws: Misconfiguration.self) { try limit.effective(config(["LIMIT": "77"])) }
    }
}
