import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// Sessions, locks and codes when the clock is set back by an hour, and forth.
@Suite(.timeLimit(.minutes(1))) struct AccessClockTests {
    private let database: any Database
    private let sessions: AdminSessionStore

    init() async throws {
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
        sessions = AdminSessionStore(database: database, settings: try BotUnderTest.settings().access)
    }

    private func at(_ seconds: Double) -> Date { Date.monday.addingTimeInterval(seconds) }

    /// What refuses a turn that comes with `token`; `nil` when it passes.
    private func reason(_ token: String?, at seconds: Double) async throws -> String? {
        var turn = Turn.sample(role: .owner, at: at(seconds))
        turn.session = token
        do {
            try await sessions.require(turn)
            return nil
        } catch let refusal as Refusal {
            return refusal.reason
        }
    }

    private func open() async throws -> String {
        let (token, writes) = sessions.opening(for: .sample(role: .owner))
        try await database.transaction(writes)
        return token
    }

    @Test func `a session gets no longer`() async throws {
        let token = try await open()
        #expect(try await sessions.holder(of: token, at: at(-3_600)) == nil)
        #expect(try await reason(token, at: -3_600) == "session_invalid")
        // A correction of the clock ends none, and back at its time it goes on.
        #expect(try await reason(token, at: -0.4) == nil)
        #expect(try await reason(token, at: 600) == nil)
        #expect(try await reason(token, at: 600 + 901) == "session_invalid")
    }

    @Test func `a lock ends neither early nor late`() async throws {
        let token = try await open()
        for _ in 1...5 { #expect(try await reason("wrong", at: 0) == "session_invalid") }
        #expect(try await reason(token, at: 1) == "session_locked")
        for second in [0.0, 1, 899] { #expect(try await reason(token, at: -3_600 + second) == "session_locked") }
        #expect(try await reason(nil, at: -3_600 + 901) == "session_needed")
        // The sixth locks for half an hour, and the hour that is lost on the way is none of it.
        #expect(try await reason("wrong", at: -2_000) == "session_invalid")
        #expect(try await reason(nil, at: -2_000 + 1_799) == "session_locked")
        #expect(try await reason(nil, at: -2_000 + 1_801) == "session_needed")
    }

    @Test func `a code to be let in ends, and there is another`() async throws {
        let ledger = AccessLedger(database: database, ids: RowIDs(), settings: try BotUnderTest.settings().access)
        let code = try #require(try await ledger.code(for: .sample()))
        #expect(try await ledger.request(code, at: at(3_599)) != nil)
        #expect(try await ledger.request(code, at: at(-3_600)) == nil)
        #expect(try await ledger.requests(at: at(-3_600)).isEmpty)
        let other = try #require(try await ledger.code(for: .sample(id: 2, at: at(-3_600))))
        #expect(other != code)
        #expect(try await ledger.requests(at: at(-3_600)).map(\.code) == [other])
    }

    @Test func `a question whether to wipe ends`() async throws {
        let bot = try await BotUnderTest()
        let book = try bot.privacy()
        let question = try await book.askingWipe(of: .person, for: .sample())
        try await bot.database.transaction(question.writes)
        #expect(try await book.confirmingWipe(of: .person, by: question.code, for: .sample(at: at(-3_600))) == nil)
        #expect(try await book.confirmingWipe(of: .person, by: question.code, for: .sample(at: at(599))) != nil)
    }
}
