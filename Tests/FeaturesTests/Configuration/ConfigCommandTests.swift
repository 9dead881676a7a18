import BotCore
import BotKit
import Configuration
import Features
import Foundation
import StoreSQLite
import Synchronization
import TestKit
import Testing

/// `!config`: the earlier bot's form, its errors and its help; scopes; and secrets, which are never set in a chat.
@Suite struct ConfigCommandTests {
    private final class Keys: ReplaceableKeys {
        private let state = Mutex<[[String]]>([])
        var replaced: [[String]] { state.withLock { $0 } }
        func replaceKeys(_ keys: [String]) { state.withLock { $0.append(keys) } }
    }

    private struct Stage {
        let keys = Keys()
        let database: any Database
        let responders: [any Responder]

        init(_ settings: [String: String] = [:]) async throws {
            database = try SQLiteDatabase.temporary()
            try await database.transaction(CoreSchema.migrations.flatMap(\.statements))
            let config = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: settings))
            let chat = ChatFeature(
                settings: try ChatSettings(config), model: ScriptedModel(), modelName: "test-model",
                tokens: WordCounter(), media: RecordingProvider(time: ManualTime(.monday)), queue: ListedWork(),
                database: database, ids: RowIDs(), startedAt: .monday, consent: ListedPrivacy(),
                shown: { text, _ in text }, pseudonym: { $0.rawValue })
            responders =
                ConfigurationFeature(
                    settings: try ConfigurationSettings(config),
                    book: RuntimeSettingStore(database: database, ids: RowIDs()),
                    runtimeSettings: chat.runtimeSettings, fixed: [("GPT_PREFIX", "!gpt")], keys: keys,
                    admission: AccessFeature(
                        book: AccessLedger(database: database, ids: RowIDs(), settings: try AccessSettings(config)),
                        sessions: AdminSessionStore(database: database, settings: try AccessSettings(config)),
                        networks: { [] }, providers: { ["test"] }
                    ).admission
                ).responders
        }

        func responder(_ turn: Turn) -> (any Responder)? { responders.first { $0.accepts(turn) } }

        /// What is said to a turn, or why not.
        func say(
            _ text: String, role: Role = .owner, group: String? = nil, language: Language = .english,
            session: String? = nil
        ) async throws -> String {
            var turn = Turn.sample(text, role: role, group: group, language: language)
            turn.session = session
            let answering = try #require(self.responder(turn), "\(text)")
            do {
                let answer = try await answering.answer(turn)
                try await database.transaction(answer.writes)
                return answer.replies.map {
                    $0.rendered(in: language, by: Phrasebook(), quoting: nil).text ?? ""
                }.joined(separator: "\n")
            } catch let refusal as Refusal {
                return Phrasebook().string(refusal.text, in: language)
            }
        }

        func stored() async throws -> [String] {
            try await database.rows("SELECT account, chat, member, name, value FROM runtime_setting ORDER BY name")
                .map { row in
                    let columns: [SQLName] = ["account", "chat", "member", "name", "value"]
                    return try columns.map { try row.text($0.text) }.joined(separator: "|")
                }
        }
    }

    @Test(arguments: [
        ("!config gpt model gpt-5.4", "Set gpt model to gpt-5.4.", "|||gpt.model|gpt-5.4"),
        ("/config set gpt model gpt-5.4", "Set gpt model to gpt-5.4.", "|||gpt.model|gpt-5.4"),
        ("!config GPT MODEL fast", "Set gpt model to fast.", "|||gpt.model|fast"),
        ("!config —here gpt model a", "Set gpt model to a for this chat.", "|test:bot/dana||gpt.model|a"),
        (
            "!config set --account gpt model a", "Set gpt model to a for this account.",
            "test:bot|||gpt.model|a"
        ),
        ("!config dalle size 512x512", "Set dalle size to 512x512.", "|||dalle.size|512x512"),
        ("!config transcription mode whisper-api", "Set transcription mode to", "|||transcription.mode|whisper-api"),
    ])
    func `sets what the earlier bot could set, and says so`(_ text: String, _ said: String, _ row: String) async throws
    {
        let stage = try await Stage()
        #expect(try await stage.say(text).hasPrefix(said))
        #expect(try await stage.stored() == [row])
    }

    @Test(arguments: [
        ("!config gpt", "Available commands:"),
        ("!config gpt model", "Too few arguments."),
        ("!config nonsense model x", "Invalid target: nonsense. Available targets: chat, gpt,"),
        ("!config gpt size x", "Invalid key for gpt: size. Available keys: model, prePrompt, maxModelTokens"),
        ("!config dalle size 5x5", "Invalid value for dalle size. Available values:\ndalle size: one of 256x256,"),
        ("!config gpt maxModelTokens many", "Invalid value for gpt maxModelTokens."),
        ("!config gpt maxModelTokens ٤٠٩٦", "Invalid value for gpt maxModelTokens."),
        ("!config gpt model שלום", "Invalid value for gpt model."),
        (
            "!config set --me gpt model x",
            "gpt model cannot be set for that. It can be set with: --all, --account, --here"
        ),
        ("!config unset gpt", "!config [set|unset|undo|dry-run]"),
        ("!config unset gpt model now", "!config [set|unset|undo|dry-run]"),
        ("!config unset gpt model", "gpt model is not set here."),
        ("!config undo", "There is no change to take back here."),
        ("!config undo everything", "!config [set|unset|undo|dry-run]"),
        ("!config general whitelist", "Whom I answer is decided with !allow"),
        ("!config unset general whitelist 15550000001", "Whom I answer is decided with !allow"),
        ("!config general whitelist dana", "!config general whitelist <numbers>"),
        ("!config general whitelist 15550000001, dana", "!config general whitelist <numbers>"),
        ("!config general whitelist ,", "!config general whitelist <numbers>"),
        ("!config sd generate a cat", "I do not make images yet"),
        ("!config chat id", "This chat: test:bot/dana"),
    ])
    func `says what is wrong and what there is`(_ text: String, _ said: String) async throws {
        let stage = try await Stage()
        let answer = try await stage.say(text)
        #expect(answer.hasPrefix(said), "\(answer)")
        #expect(try await stage.stored().isEmpty)
    }

    @Test func `the earlier bot's list lets each number in, and the audit has each`() async throws {
        let stage = try await Stage(["OPERATOR_PHONE_NUMBERS": "15550000009"])
        let turn = Turn.sample("!config general whitelist 15550000001@c.us, +15550000002,15550000001", role: .operator)
        let responder = try #require(stage.responder(turn))
        #expect(responder.needs == .admitPeople)
        let answer = try await responder.answer(turn)
        try await stage.database.transaction(answer.writes)
        let said = answer.replies[0].rendered(in: .english, by: Phrasebook(), quoting: nil).text
        #expect(said?.hasPrefix("From now on I answer +15550000001, +15550000002.") == true)
        let numbers = ["15550000001", "15550000002"].compactMap { PhoneNumber($0) }
        #expect(answer.audit.map(\.action) == [.accessChange, .accessChange])
        #expect(answer.audit.map(\.subject) == numbers.map { .number($0) })
        let rows = try await stage.database.rows(
            "SELECT phone FROM access_rule WHERE admission = 'allowed' ORDER BY id")
        #expect(try rows.map { try $0.text("phone") } == numbers.map(\.digits))
        // Nobody is let in when one of them is not theirs to decide about.
        let over = "!config general whitelist 15550000003,15550000009"
        #expect(try await stage.say(over, role: .operator).hasPrefix("That person has as much to say"))
        #expect(try await stage.database.rows("SELECT id FROM access_rule").count == 2)
    }

    @Test func `stays itself with enormous arguments`() async throws {
        let stage = try await Stage()
        for text in [
            "!config gpt model \(String(repeating: "x", count: 100_000))",
            "!config \(String(repeating: "y", count: 10_000)) a b",
            "!config gpt \(String(repeating: "z", count: 9_999)) b",
            "!config gpt prePrompt \(String(repeating: "p", count: 4_001))",
        ] {
            #expect(try await stage.say(text).count < 1_000)
        }
        #expect(try await stage.stored().isEmpty)
    }

    @Test(arguments: ["!config", "!config help", "/CONFIG", "!הגדרות"])
    func `helps in the layout of the earlier bot`(_ text: String) async throws {
        let lines = try await Stage().say(text).split(separator: "\n", omittingEmptySubsequences: false)
        #expect(lines.first == "Available commands:")
        #expect(lines.contains("    !config gpt model <name> - the model that answers"))
        #expect(lines.contains("Available values:"))
        #expect(lines.contains("    dalle size: one of 256x256, 512x512, 1024x1024"))
        #expect(lines.contains(""))
    }

    @Test func `speaks Hebrew`() async throws {
        let said = try await Stage().say("!config gpt model gpt-5.4", language: .hebrew)
        #expect(said == "הערך של \u{2066}gpt model\u{2069} הוא עכשיו \u{2066}gpt-5.4\u{2069}.")
    }

    @Test func `shows what is in force and where it comes from, and nothing secret`() async throws {
        let stage = try await Stage(["PRE_PROMPT": "Be kind.", "OPENAI_API_KEY": "sk-abcdefgh12345678"])
        let said = try await stage.say("!config general settings")
        #expect(said.contains("    gpt model: test-model (as installed)"))
        #expect(said.contains("    gpt prePrompt: Be kind. (as installed)"))
        #expect(said.contains("GPT_PREFIX: !gpt") && !said.contains("sk-abc"))
        #expect(try await stage.say("!config show") == said)
    }

    @Test func `tries without doing, and takes back`() async throws {
        let stage = try await Stage()
        #expect(
            try await stage.say("!config dry-run gpt model b")
                == "Nothing was changed.\ngpt model would be b everywhere.\nIt is not set now.")
        #expect(try await stage.stored().isEmpty)
        _ = try await stage.say("!config gpt model a")
        _ = try await stage.say("!config gpt model b")
        #expect(try await stage.say("!config undo") == "Set gpt model to a.")
        #expect(try await stage.say("!config undo").hasPrefix("gpt model is no longer set here"))
        #expect(try await stage.stored().isEmpty)
    }

    @Test func `asks for the permission of the scope`() async throws {
        let stage = try await Stage(["LEGACY_SECRET_CONFIG_UNTIL": "2100-01-01"])
        for (text, group, permission) in [
            ("!config gpt model x", nil, Permission.configure), ("!config gpt model x", "g", .configureChat),
            ("!config --all gpt model x", "g", .configure), ("!config --account gpt model x", nil, .configure),
            ("!config --here gpt model x", nil, .configureChat), ("!config undo", nil, .configure),
            ("!config undo --me", nil, .configureSelf), ("!config show", nil, .seeConfiguration),
            ("!config gpt apiKey sk-12345678", nil, .everyone),
            ("!config aws secretAccessKey x", nil, .everyone),
            ("!config gpt nonsense x", nil, .seeConfiguration),
            ("!config --me general language x", nil, .configureSelf),
        ] as [(String, String?, Permission)] {
            #expect(stage.responder(.sample(text, group: group))?.needs == permission, "\(text)")
        }
    }

    @Test func `an admin of a group chooses among what the operator offers`() async throws {
        let stage = try await Stage(["MODEL_CHOICES": "cheap,cheaper"])
        #expect(
            try await stage.say("!config gpt model dear", role: .user, group: "g")
                == "For gpt model you may choose among: cheap, cheaper")
        #expect(try await stage.say("!config gpt model cheap", role: .user, group: "g").hasPrefix("Set gpt model"))
        #expect(try await stage.say("!config gpt model dear", role: .admin, group: "g").hasPrefix("Set gpt model"))
        for text in ["!config undo", "!config unset gpt model", "!config dry-run gpt model dear"] {
            #expect(try await stage.say(text, role: .user, group: "g").hasPrefix("For gpt model you may"))
        }
    }

    @Test(arguments: [
        "!config gpt apiKey sk-abcdefgh12345678", "!config GPT APIKEY sk-abcdefgh12345678",
        "!config set --here gpt apikey sk-abcdefgh12345678", "!config aws awsSecretAccessKey sk-abcdefgh12345678",
        "!config anything access_token sk-abcdefgh12345678", "!config dry-run gpt apiKey sk-abcdefgh12345678",
        "!config unset gpt apiKey sk-abcdefgh12345678", "!config gpt apiKey=sk-abcdefgh12345678",
        "!config gpt apiKey \"sk-abcdefgh12345678\"", "!config gpt\napiKey\nsk-abcdefgh12345678\nsk-abcdefgh87654321",
        "!config apiKey abcdefgh12345678", "!config gpt.apiKey abcdefgh12345678", "!config sk-abcdefgh12345678",
        "!config show sk-abcdefgh12345678",
        "!config --here gpt prePrompt Say sk-abcdefgh12345678", "!config gpt model:sk-abcdefgh12345678",
        "!config gpt ap\u{200B}iK\u{00AD}ey sk-abcdefgh12345678", "!config gpt ａｐｉＫｅｙ sk-abcdefgh12345678",
        "!config gpt model sk-abcd\u{200D}efgh12345678", "!config gpt מפתח sk-abcdefgh12345678",
    ])
    func `refuses secrets, and forgets what was said`(_ text: String) async throws {
        let stage = try await Stage()
        let turn = Turn.sample(text, role: .owner)
        try await stage.database.run(
            """
            INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
            VALUES (1, \(turn.chat.id), \(turn.member.id), \(turn.message.id), \(text), 'received', 0)
            """)
        let answering = try #require(stage.responder(turn))
        let answer = try await answering.answer(turn)
        try await stage.database.transaction(answer.writes)
        let said = answer.replies.compactMap { $0.rendered(in: .english, by: Phrasebook(), quoting: nil).text }.joined()
        #expect(said.hasPrefix("Secrets cannot be changed in a chat."))
        #expect(said.contains("Restricted settings: apiKey, awsAccessKeyId, awsSecretAccessKey"))
        #expect(said.contains("docs/migration.md") && !said.contains("abcdefgh"))
        #expect(answer.audit.first?.outcome == .denied)
        #expect(["gpt.apikey", "secret"].contains(answer.audit.first?.details["setting"]))
        #expect(stage.keys.replaced.isEmpty)
        let payload = try await stage.database.rows("SELECT payload FROM inbox")[0].text("payload")
        #expect(!payload.contains("abcdefgh"))
    }

    @Test func `takes a key up to the day that the operator names, with a warning`() async throws {
        let day = Date.monday.formatted(.iso8601.year().month().day())
        let stage = try await Stage(["LEGACY_SECRET_CONFIG_UNTIL": day])
        let said = try await stage.say("!config gpt apiKey sk-one-12345678, sk-two-12345678", session: "s")
        #expect(said.contains("only until \(day)") && said.contains("OPENAI_API_KEY"))
        #expect(stage.keys.replaced == [["sk-one-12345678", "sk-two-12345678"]])
        #expect(try await stage.say("!config gpt apiKey שלום", session: "s").hasPrefix("!config [set"))
        #expect(try await stage.say("!config gpt apiKey sk-one-12345678").hasPrefix("This asks for an admin session"))
        #expect(
            try await stage.say("!config gpt apiKey sk-one-12345678", role: .user, session: "s")
                .hasPrefix("Secrets cannot"))
        #expect(try await stage.say("!config gpt organization org-1").hasPrefix("Secrets cannot"))
        let past = try await Stage(["LEGACY_SECRET_CONFIG_UNTIL": "2001-01-01"])
        #expect(try await past.say("!config gpt apiKey sk-one-12345678").hasPrefix("Secrets cannot"))
    }
}
