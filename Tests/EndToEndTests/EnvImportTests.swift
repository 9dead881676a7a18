import BotKit
import Configuration
import Foundation
import TestKit
import Testing

@testable import App

/// What each line of an earlier bot's file of settings means here.
@Suite struct EnvImportTests {
    /// A day on which gpt-3.5-turbo is off and gpt-4o is not.
    private let time = Date(timeIntervalSince1970: 1_795_219_200)

    private func imported(_ text: String) throws -> EnvImport { try EnvImport(text, at: time) }

    private func written(_ text: String) throws -> [String: String] {
        let settings = try imported(text).settings
        #expect(Set(settings.map(\.name)).count == settings.count)
        return Dictionary(settings.map { ($0.name, $0.value) }) { $1 }
    }

    @Test func `the example file of the original is taken over line by line`() throws {
        let text = """
            # Get your key here
            OPENAI_API_KEY=sk-live-0000000000
            HUGGINGFACE_API_TOKEN=hf_xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx

            OPENAI_GPT_MODEL=gpt-3.5-turbo
            MAX_MODEL_TOKENS=2000
            PRE_PROMPT=
            PREFIX_ENABLED=true
            PREFIX_SKIPPED_FOR_ME=true
            AI_CONFIG_PREFIX=!config
            PROMPT_MODERATION_ENABLED = true
            PROMPT_MODERATION_BLACKLISTED_CATEGORIES = ["hate", "hate/threatening"]
            WHITELISTED_PHONE_NUMBERS=15550000001@c.us, +15550000002
            WHITELISTED_ENABLED=true
            TRANSCRIPTION_MODE=local
            AWS_SECRET_ACCESS_KEY=xxxxxxxxxxxxxxxx
            """
        let result = try imported(text)
        #expect(
            result.report == [
                "line  2  kept    OPENAI_API_KEY (set)",
                "line  3  ignored HUGGINGFACE_API_TOKEN (making images is not there yet)",
                "line  5  mapped  OPENAI_GPT_MODEL gpt-3.5-turbo -> gpt-5.4-mini (OpenAI switched it off on "
                    + "2026-10-23)",
                "line  6  kept    MAX_MODEL_TOKENS = 2000",
                "line  7  ignored PRE_PROMPT (empty, so the default holds)",
                "line  8  kept    PREFIX_ENABLED = true",
                "line  9  kept    PREFIX_SKIPPED_FOR_ME = true",
                "line 10  kept    AI_CONFIG_PREFIX = !config",
                "line 11  ignored PROMPT_MODERATION_ENABLED (checking prompts with a moderation service is not "
                    + "there yet)",
                "line 12  ignored PROMPT_MODERATION_BLACKLISTED_CATEGORIES (checking prompts with a moderation "
                    + "service is not there yet)",
                "line 13  kept    WHITELISTED_PHONE_NUMBERS = 15550000001@c.us, +15550000002",
                "line 14  kept    WHITELISTED_ENABLED = true",
                "line 15  ignored TRANSCRIPTION_MODE (voice notes are not there yet)",
                "line 16  ignored AWS_SECRET_ACCESS_KEY (spoken answers are not there yet)",
                "         added   GROUPCHATS_ENABLED = false (what the earlier bots do without it; Martlet's "
                    + "own default is true)",
                "7 kept, 1 mapped, 6 ignored, 1 added",
            ])
        #expect(
            result.settings.map { "\($0.name)=\($0.value)" } == [
                "OPENAI_API_KEY=sk-live-0000000000", "OPENAI_GPT_MODEL=gpt-5.4-mini", "MAX_MODEL_TOKENS=2000",
                "PREFIX_ENABLED=true", "PREFIX_SKIPPED_FOR_ME=true", "AI_CONFIG_PREFIX=!config",
                "WHITELISTED_PHONE_NUMBERS=15550000001@c.us, +15550000002",
                "WHITELISTED_ENABLED=true", "GROUPCHATS_ENABLED=false",
            ])
    }

    @Test func `every variable that is kept is a setting, and the others are none`() throws {
        let names = Set(ProductSettings.groups.flatMap { $0.settings.map(\.name) })
        for variable in EarlierVariable.all {
            switch variable.fate {
            case .kept: #expect(names.contains(variable.name), "\(variable.name)")
            case .renamed(let new): #expect(names.contains(new) && !names.contains(variable.name), "\(variable.name)")
            case .ignored: #expect(!names.contains(variable.name) && !variable.remark.isEmpty, "\(variable.name)")
            }
        }
        #expect(Set(EarlierVariable.all.map(\.name)).count == EarlierVariable.all.count)
        for (name, value) in EarlierVariable.defaults {
            let own = ProductSettings.groups.flatMap { $0.settings }.first { $0.name == name }
            #expect(own?.defaultText != value, "\(name) needs no line of its own any more")
        }
    }

    @Test(arguments: [
        ("gpt-3.5-turbo-0613", "gpt-5.4-mini", true), ("gpt-4", "gpt-5.4", true), ("gpt-4o", "gpt-4o", false),
        ("gpt-5.4", "gpt-5.4", false), ("llama3.2", "llama3.2", false),
    ])
    func `a model that is switched off becomes its successor`(old: String, new: String, isMapped: Bool) throws {
        for name in ["OPENAI_GPT_MODEL", "OPENAI_MODEL"] {
            let result = try imported("\(name)=\(old)")
            #expect(result.settings.first { $0.name == "OPENAI_GPT_MODEL" }?.value == new)
            #expect((result.lines[0].verdict == .mapped(from: old, to: new)) == isMapped)
        }
        // Another server may still have it.
        let own = try written("OPENAI_BASE_URL=http://localhost:11434/v1\nOPENAI_GPT_MODEL=\(old)")
        #expect(own["OPENAI_GPT_MODEL"] == old)
        #expect(try imported("OPENAI_GPT_MODEL=gpt-4o").report[0].contains("switches it off on 2027-01-14"))
    }

    @Test func `names that changed are moved, and the name that counted wins`() throws {
        let moved = try imported("OPENAI_MODEL=gpt-5.4\nOPENAI_API_KEY=sk-one-000000,sk-two-000000")
        #expect(moved.lines[0].verdict == .renamed(to: "OPENAI_GPT_MODEL"))
        #expect(moved.lines[1].verdict == .renamed(to: "OPENAI_API_KEYS"))
        #expect(moved.report[1] == "line 2  renamed OPENAI_API_KEY -> OPENAI_API_KEYS (set)")
        #expect(moved.settings.first { $0.name == "OPENAI_API_KEYS" }?.value == "sk-one-000000,sk-two-000000")
        let both = try imported("OPENAI_MODEL=gpt-5.4\nOPENAI_GPT_MODEL=gpt-5.5")
        #expect(both.lines[0].verdict == .ignored && both.lines[0].reason.contains("line 2"))
        #expect(both.settings.map(\.value).prefix(1) == ["gpt-5.5"])
    }

    @Test func `what our settings refuse is told in their own words, and nothing is taken over`() throws {
        let texts = [
            "MAX_MODEL_TOKENS": "100", "GROUPCHATS_ENABLED": "yes", "OPENAI_MAX_RETRIES": "eleven",
            "WHITELISTED_PHONE_NUMBERS": "120363000000000001@g.us", "LOG_LEVEL": "verbose", "GPT_PREFIX": "hey bot",
            "OPENAI_TIMEOUT": "0", "LLM_FALLBACKS": "nonsense",
        ]
        for (name, value) in texts {
            let result = try imported("\(name)=\(value)")
            #expect(result.invalidCount == 1 && !result.settings.contains { $0.name == name })
            let config = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: [name: value]))
            let ours = #expect(throws: Misconfiguration.self) { try ProductSettings(config) }
            #expect(ours?.key == name)
            let words = try #require(ours)
            #expect(result.report[0].hasPrefix("line 1  invalid \(name) \(words.problem). \(words.remedy)"))
            #expect(result.report[0].contains("!allow group") == value.contains("@g.us"))
        }
        let together = try imported("LLM_FALLBACKS=http://127.0.0.1:9/v1|spare|SPARE_KEY")
        #expect(together.invalidCount == 1 && together.report.contains { $0.contains("SPARE_KEY is not set") })
    }

    @Test func `lines that nobody can read are told by number, and the reading goes on`() throws {
        let result = try imported(
            """
            \u{FEFF}export OPENAI_API_KEY="sk-live-0000000000" # mine\r
            sk-broken-off-the-line\r
            =5
            PRE_PROMPT='It's nice'
              GPT_PREFIX = '!ask'\r
            PRE_PROMPT="never closed
            HEALTH_PORT=4000
            HEALTH_PORT=5000
            """)
        #expect(
            result.lines.compactMap(\.number) == [1, 2, 3, 4, 5, 6, 7, 8] && result.invalidCount == 4,
            "\(result.report)")
        #expect(result.lines[6].verdict == .ignored && result.lines[6].reason.hasPrefix("line 8 says it again"))
        #expect(result.lines[7].value == "5000" && result.lines[4].value == "!ask")
        #expect(!result.report.joined().contains("broken") && !result.report.joined().contains("nice"))
    }

    @Test func `values are read as the earlier bots read them`() throws {
        let values = try written(
            """
            PRE_PROMPT="Two
            lines, with # and \\"quotes\\""
            GPT_PREFIX=`.ask`
            OPENAI_ORGANIZATION=org-1#the second
            OPENAI_PROJECT='proj#1'
            """)
        #expect(values["PRE_PROMPT"] == "Two\nlines, with # and \"quotes\"")
        #expect(values["GPT_PREFIX"] == ".ask" && values["OPENAI_PROJECT"] == "proj#1")
        #expect(values["OPENAI_ORGANIZATION"] == "org-1")
        #expect(try imported("OPENAI_ORGANIZATION=org-1#x").report[0].contains("cut at the #"))
    }

    @Test func `unknown names are left out, with the name that was meant, and no secret is shown`() throws {
        let result = try imported(
            """
            OPENAI_API_KYE=sk-secret-000000
            SOMETHING_ELSE=whatever
            EAAGm0secretpiece=
            OPENAI_ORGANIZATION=sk-secret-000000
            HEALTH_PORT=sk-secret-000000
            OPENAI_API_KEYS=sk-xxxxxxxxxxxxxxxx,sk-xxxxxxxxxxxxxxxx
            LLM_FALLBACKS=http://dana:secret@127.0.0.1:9/v1|spare
            PRE_PROMPT="\u{1B}[31mred\u{202E}"
            """)
        let report = result.report.joined(separator: "\n")
        #expect(result.lines.prefix(3).allSatisfy { $0.verdict == .unknown })
        #expect(report.contains("unknown OPENAI_API_KYE") && report.contains("Write OPENAI_API_KEY if you meant that"))
        #expect(!report.contains("secret") && !report.contains("\u{1B}") && !report.contains("\u{202E}"), "\(report)")
        #expect(result.lines[5].verdict == .ignored && result.lines[5].reason.contains("placeholder"))
    }

    @Test func `keys of all vendors are hidden in the wrong place too, and numbers are shown`() throws {
        for secret in [
            "gsk_aBcD0123456789secretsecret", "xai-aBcD0123456789secretsecret", "Bearer aBcD0123456789secret",
            "AIzaSyA0123456789secretsecretsecretsecre", "ghp_aBcD0123456789secretsecretsecretsecret",
            "xoxc-0123456789-secretsecret",
        ] {
            // The second one is cut within its key.
            for line in ["MAX_MODEL_TOKENS=\(secret)", "PRE_PROMPT=\(String(repeating: "x ", count: 20))\(secret)"] {
                let report = try imported("\(line)\nWHITELISTED_PHONE_NUMBERS=15550000001").report.joined()
                #expect(!report.contains("01234") && report.contains("15550000001"), "\(report)")
            }
        }
    }

    @Test func `a list that lets nobody or everybody in is told`() throws {
        #expect(try imported("WHITELISTED_PHONE_NUMBERS=15550000001").report[0].contains("everybody is answered"))
        #expect(try imported("WHITELISTED_ENABLED=true").report[0].contains("everybody is answered"))
        let both = "WHITELISTED_ENABLED=TRUE\nWHITELISTED_PHONE_NUMBERS=15550000001"
        #expect(try !imported(both).report.joined().contains("everybody"))
    }

    @Test func `whatever stands in the file, what would be written is read back and accepted`() throws {
        let values = [
            "true", "false", "yes", "0", "3000", "gpt-4", "15550000001@c.us", "!ask", "'a # b'", "\"x\\ny\"", "it's",
            "#", "",
            "`b`", "a#b", "\u{202E}", "sk-xxxxxxxxxxxx", "k1,k2", "\"open", "http://127.0.0.1:9/v1|m|SPARE_KEY",
        ]
        let names =
            EarlierVariable.all.filter { $0.fate != .ignored }.map(\.name) + [
                "LLM_FALLBACKS", "SPARE_KEY", "OPENAI_BASE_URL", "TTS_MODE", "WHAT_IS_THIS", "export LOG_LEVEL",
                "two words",
            ]
        var random = SeededRandom(seed: 4)
        var accepted = 0
        for _ in 0..<2_000 {
            let lines = (0...Int.random(in: 0...3, using: &random)).map { _ in
                let name = names.randomElement(using: &random) ?? ""
                return
                    "\(name)\(Bool.random(using: &random) ? "=" : " = ")\(values.randomElement(using: &random) ?? "")"
            }
            let result = try imported(lines.joined(separator: Bool.random(using: &random) ? "\n" : "\r\n"))
            guard result.invalidCount == 0 else { continue }
            accepted += 1
            let read = try EnvFile.parse(try EnvFile(result.settings).text)
            #expect(read == Dictionary(result.settings.map { ($0.name, $0.value) }) { $1 }, "\(lines)")
            _ = try ProductSettings(ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: read)))
        }
        #expect(accepted > 200)
    }

    @Test func `what is no file of settings is refused`() throws {
        for text in ["", "# only a comment\n", "A=1\0", String(repeating: "A=1\n", count: 2_001)] {
            #expect(throws: Misconfiguration.self) { try imported(text) }
        }
    }
}
