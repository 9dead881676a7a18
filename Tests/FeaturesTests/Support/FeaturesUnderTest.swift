import BotKit
import Configuration
import Features
import Foundation
import StoreSQLite
import TestKit

/// The features in the product's order, over a real store, without the line that leads to them.
struct FeaturesUnderTest {
    let database: any Database
    let model: ScriptedModel
    let files = RecordingProvider(time: ManualTime(.monday))
    let ids = RowIDs()
    /// What `!audit` shows.
    let audit = ListedAudit()
    /// What `!jobs` shows.
    let work = ListedWork()
    private let responders: [any Responder]

    /// - Parameter database: a store with its tables; by default a new one.
    init(
        _ settings: [String: String] = [:], model: ScriptedModel = ScriptedModel(),
        over existing: (any Database)? = nil, showing shown: Int = .max, consent: ListedPrivacy = ListedPrivacy()
    ) async throws {
        self.model = model
        database = try existing ?? SQLiteDatabase.temporary()
        if existing == nil {
            try await database.transaction(Self.tables + ChatFeature.migrations.flatMap(\.statements))
        }
        let last = try await database.rows("SELECT MAX(id) AS last FROM conversation_entry")[0].optionalInt("last")
        ids.skip(past: last ?? 0)
        let config = ConfigReader(provider: EnvironmentVariablesProvider(environmentVariables: settings))
        let features: [any Feature] = [
            GroupsFeature(),
            AuditFeature(
                reader: audit, shown: { text, _ in String(text.prefix(shown)) },
                providers: { [ProviderID(rawValue: "cloud")] }), WorkFeature(queue: work),
            ChatFeature(
                settings: try ChatSettings(config), model: model, modelName: "test-model", tokens: WordCounter(),
                media: files, queue: work, database: database, ids: ids, startedAt: .monday.addingTimeInterval(-3_900),
                consent: consent,
                shown: { text, _ in String(text.prefix(shown)) },
                pseudonym: { "pseudonym of \($0.rawValue)" }),
        ]
        let help = {
            HelpFeature(describing: $0, requiresPrefix: settings["PREFIX_ENABLED"] == "true")
        }
        responders = (features + [help(features)]).flatMap(\.responders)
    }

    /// The tables of the line that features write to.
    private static let tables: [SQL] = [
        "CREATE TABLE chat_setting (chat TEXT NOT NULL PRIMARY KEY, language TEXT, activation TEXT)",
        """
        CREATE TABLE usage_record (
            id INTEGER PRIMARY KEY, member TEXT NOT NULL, chat TEXT NOT NULL, operation TEXT NOT NULL,
            model TEXT NOT NULL, host TEXT NOT NULL, input_tokens BIGINT NOT NULL, cached_tokens BIGINT NOT NULL,
            output_tokens BIGINT NOT NULL, reasoning_tokens BIGINT NOT NULL, is_estimate BIGINT NOT NULL,
            cost_nano_usd BIGINT, created_at BIGINT NOT NULL
        )
        """,
    ]

    /// Who answers; `nil` when nobody does.
    func responder(for turn: Turn) -> (any Responder)? { responders.first { $0.accepts(turn) } }

    /// Answers a turn and makes true what the answer wants to be true.
    /// - Returns: what is said, in the turn's language; `nil` when nobody takes the turn.
    @discardableResult
    func say(_ turn: Turn) async throws -> String? {
        guard let responder = responder(for: turn) else { return nil }
        let answer = try await responder.answer(turn)
        try await database.transaction(answer.writes)
        return answer.replies
            .map { $0.rendered(in: turn.language, by: Phrasebook(), quoting: nil).text ?? "" }
            .joined(separator: "\n")
    }

    /// What the refusal of a turn says, in its language.
    func refusal(_ turn: Turn) async throws -> String? {
        do {
            _ = try await say(turn)
            return nil
        } catch let refusal as Refusal {
            return Phrasebook().string(refusal.text, in: turn.language)
        }
    }

    func count(_ table: SQLName) async throws -> Int {
        Int(try await database.rows("SELECT COUNT(*) AS n FROM \(name: table)")[0].int("n"))
    }
}
