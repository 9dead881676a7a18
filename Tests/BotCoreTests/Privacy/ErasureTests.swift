import BotKit
import Foundation
import TestKit
import Testing

@testable import BotCore

@Suite(.timeLimit(.minutes(1))) struct ErasureTests {
    /// A row of every table that declares a person, for a person of the samples.
    private func plant(_ person: String, in bot: BotUnderTest) async throws {
        let (member, chat) = (MemberID.sample(person), ChatID.sample(person))
        let id = bot.ids.next(at: .monday)
        let path = "test:bot\\/\(person)"
        try await bot.database.transaction([
            """
            INSERT INTO inbox (id, chat, member, message_id, payload, state, received_at)
            VALUES (\(id), \(chat), \(member), \(person), '{}', 'answered', \(Date.monday))
            """,
            """
            INSERT INTO outbox (id, chat, payload, state, not_before, created_at)
            VALUES (\(id), \(chat), '{}', 'parked', 0, \(Date.monday - 1))
            """,
            """
            INSERT INTO dialogue (chat, member, feature, state, expires_at)
            VALUES (\(chat), \(member), 'test', '{}', \(Date.monday))
            """,
            "INSERT INTO chat_setting (chat, language) VALUES (\(chat), 'he')",
            """
            INSERT INTO usage_record (id, member, chat, operation, model, host, input_tokens, cached_tokens,
                output_tokens, reasoning_tokens, is_estimate, created_at)
            VALUES (\(id), \(member), \(chat), 'chat', 'm', 'h', 1, 0, 1, 0, 0, \(Date.monday))
            """,
            """
            INSERT INTO job (id, kind, payload, run_at, state, created_at)
            VALUES (\(id), 'test.errand', \("{\"chat\":\"\(path)\",\"language\":\"en\"}"), 0, 'dead', 0)
            """,
            """
            INSERT INTO access_pairing (code, account, member, chat, language, turn, expires_at)
            VALUES (\(person), 'test:bot', \(member), \(chat), 'en', 1, \(Date.monday))
            """,
            """
            INSERT INTO admin_session (member, chat, token_hash, expires_at)
            VALUES (\(member), \(chat), 'hash', \(Date.monday))
            """,
            "INSERT INTO privacy_choice (chat, consent, changed_at) VALUES (\(chat), 'given', 0)",
            """
            INSERT INTO data_export (id, member, chat, language, words, state, requested_at)
            VALUES (\(id), \(member), \(chat), 'en', '[]', 'made', 0)
            """,
            """
            INSERT INTO data_wipe (id, extent, member, chat, language, words, code, state, requested_at)
            VALUES (\(id), 'person', \(member), \(chat), 'en', '[]', 'ABCDEF', 'asked', 0)
            """,
            """
            INSERT INTO runtime_setting (member, name, value, changed_at) VALUES (\(member), 'language', 'he', 0)
            """,
            """
            INSERT INTO runtime_setting_change (id, chat, name, after, created_at)
            VALUES (\(id), \(chat), 'language', 'he', 0)
            """,
            "INSERT INTO counter (name, member, seen_at, clock_at) VALUES ('test', \(member), 0, 0)",
            "INSERT INTO member_quality (chat, last_contact) VALUES (\(chat), 0)",
            """
            INSERT INTO alert_contact (chat, member, language, written_at) VALUES (\(chat), \(member), 'en', 0)
            """,
            "INSERT INTO access_rule (id, member, role, created_at) VALUES (\(id), \(member), 1, 0)",
            """
            INSERT INTO access_identity (network, phone, member, created_at)
            VALUES ('test', \(person), \(member), 0)
            """,
            "INSERT INTO admin_lock (member, failures, locked_until) VALUES (\(member), 5, \(Date.monday))",
        ])
    }

    private func counts(_ bot: BotUnderTest, _ natures: Set<PersonalData.Nature>, of person: String) async throws
        -> [String: Int]
    {
        let scope = try await bot.finder.scope(.person, of: .sample(person), in: .sample(person), words: [])
        return try await bot.erasure.counts(scope, natures, until: .monday)
    }

    @Test func `finds and erases a person in every table that declares one, and leaves decisions and others`()
        async throws
    {
        let bot = try await BotUnderTest()
        // Of two names one begins like the other.
        for person in ["dana", "dana2"] { try await plant(person, in: bot) }
        let declared = CoreSchema.personalData.filter { $0.member != nil || $0.chat != nil || $0.naming != nil }
        let planted = try await counts(bot, [.record, .address, .decision], of: "dana")
        #expect(Set(planted.keys) == Set(declared.map(\.table.text)))
        #expect(planted.values.allSatisfy { $0 == 1 })
        let scope = try await bot.finder.scope(.person, of: .sample("dana"), in: .sample("dana"), words: [])
        try await bot.erasure.erase(scope, [.record, .address], until: .monday)
        #expect(try await counts(bot, [.record, .address], of: "dana") == [:])
        #expect(
            try await Set(counts(bot, [.decision], of: "dana").keys) == [
                "access_rule", "access_identity", "admin_lock",
            ])
        #expect(try await counts(bot, [.record, .address, .decision], of: "dana2") == planted)
    }

    @Test func `the wipe of a group leaves how the bot is set there, and that of a person does not`() async throws {
        let bot = try await BotUnderTest()
        let turn = Turn.sample(group: "g")
        let (own, whole) = (SettingPlace(.member, of: turn), SettingPlace(.chat, of: turn))
        let settings = RuntimeSettingStore(database: bot.database, ids: bot.ids)
        for place in [own, whole] {
            try await bot.database.transaction(settings.setting("gpt.model", to: "x", at: place, at: .monday))
        }
        let scope = try await bot.finder.scope(.group, of: .sample(), in: turn.chat.id, words: [])
        try await bot.erasure.erase(scope, [.record, .address], until: .monday)
        #expect(try await settings.values(at: whole) == ["gpt.model": "x"])
        // What it was before goes: nobody takes it back by an erasure and an undo.
        #expect(try await settings.lastChange(at: whole) == nil)
        let person = try await bot.finder.scope(.person, of: .sample(), in: .sample(), words: [])
        try await bot.erasure.erase(person, [.record, .address], until: .monday)
        #expect(try await settings.values(at: own) == [:])
    }

    @Test func `leaves what came later and waits for its answer`() async throws {
        let bot = try await BotUnderTest()
        try await bot.receive(.sample("before"))
        try await bot.receive(.sample("after", at: .monday.addingTimeInterval(60)))
        let scope = try await bot.finder.scope(.person, of: .sample(), in: .sample(), words: [])
        try await bot.erasure.erase(scope, [.record], until: .monday.addingTimeInterval(30))
        let rows = try await bot.database.rows("SELECT payload FROM inbox")
        #expect(rows.count == 1)
        #expect(try rows[0].text("payload").contains("after"))
    }

    @Test func `a number in what a network sent is found as a whole word only`() async throws {
        let data = PersonalData("job", keeping: .untilErased, naming: "payload")
        let scope = PersonScope(range: .person, members: [], chats: [], words: ["15550000101", "50%_!"])
        let condition = try #require(scope.condition(on: data))
        let bot = try await BotUnderTest()
        for (id, payload) in [
            #"{"from":"15550000101"}"#, #"{"from":"155500001012"}"#, #"{"from":"50%_!"}"#, #"{"from":"50xyz"}"#,
        ].enumerated() {
            try await bot.database.run(
                """
                INSERT INTO job (id, kind, payload, run_at, state, created_at)
                VALUES (\(id), 'test.errand', \(payload), 0, 'dead', 0)
                """)
        }
        let rows = try await bot.database.rows("SELECT id FROM job WHERE \(condition) ORDER BY id")
        #expect(try rows.map { try $0.int("id") } == [0, 2])
    }

    @Test func `one export at a time, and the next after a while`() async throws {
        let bot = try await BotUnderTest()
        let book = try bot.privacy()
        guard case .accepted(_, let writes) = try await book.requestingExport(for: .sample()) else {
            return #expect(Bool(false))
        }
        try await bot.database.transaction(writes)
        guard case .underWay = try await book.requestingExport(for: .sample()) else { return #expect(Bool(false)) }
        try await bot.database.run("UPDATE data_export SET state = 'made'")
        guard case .tooSoon(let next) = try await book.requestingExport(for: .sample()) else {
            return #expect(Bool(false))
        }
        #expect(next == .monday.addingTimeInterval(86_400))
        guard case .accepted = try await book.requestingExport(for: .sample(at: next)) else {
            return #expect(Bool(false))
        }
        // The clock was set back by a day since.
        guard case .accepted = try await book.requestingExport(for: .sample(at: .monday.addingTimeInterval(-86_400)))
        else { return #expect(Bool(false)) }
        let free = try bot.privacy(["EXPORT_INTERVAL_HOURS": "0"])
        guard case .accepted = try await free.requestingExport(for: .sample()) else { return #expect(Bool(false)) }
    }
}
