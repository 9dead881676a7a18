import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// Trust in a member, who is the same person for the network, and has another number by now.
@Suite(.timeLimit(.minutes(1))) struct ChangedNumberTests {
    private let database: any Database
    private let ledger: AccessLedger
    private static let noa = Person.member(.sample("noa"))

    init() async throws {
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
        ledger = AccessLedger(
            database: database, ids: RowIDs(), settings: try BotUnderTest.settings(["ACCESS_POLICY": "pairing"]).access)
    }

    private func number(_ last: Int) throws -> PhoneNumber { try #require(PhoneNumber("1555000000\(last)")) }

    private func standing(_ last: Int?, isNow: Bool = true) async throws -> Standing {
        try await ledger.standing(
            of: .init(id: .sample("noa"), phone: try last.map { try number($0) }), in: .sample("noa"), hasRules: true,
            at: .monday, isNow: isNow)
    }

    private func run(_ statements: [SQL]) async throws { try await database.transaction(statements) }

    private func request(_ last: Int?) throws -> PairingRequest {
        PairingRequest(
            code: "CODE", member: .sample("noa"), chat: .sample("noa"), phone: try last.map { try number($0) },
            language: .english, expiresAt: .monday.addingTimeInterval(60))
    }

    private func approve(_ last: Int?) async throws {
        try await database.run(
            """
            INSERT INTO access_pairing (code, account, member, chat, phone, language, turn, expires_at)
            VALUES ('CODE', 'test:bot', \(MemberID.sample("noa")), \(ChatID.sample("noa")), NULL, 'en', 1, 1)
            """)
        try await run(ledger.approving(try request(last), at: .monday))
    }

    @Test func `a role holds for the number that its holder shows first, until another is confirmed`() async throws {
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        #expect(try await standing(1).role == .admin)
        #expect(try await standing(2) == Standing(doubt: .new))
        #expect(try await standing(2) == Standing(doubt: .known))
        #expect(try await ledger.holders().map(\.isDoubtful) == [true])
        #expect(try await ledger.doubtfulRole(of: Self.noa) == .admin)
        #expect(try await ledger.isInDoubt(Self.noa))
        // Who has the old number again is who was trusted.
        #expect(try await standing(1).role == .admin)
        #expect(try await !ledger.isInDoubt(Self.noa))
        #expect(try await ledger.doubtfulRole(of: Self.noa) == nil)
        #expect(try await standing(2) == Standing(doubt: .new))
        // What comes late says nothing of today.
        #expect(try await standing(1, isNow: false).role == .admin)
        #expect(try await ledger.isInDoubt(Self.noa))
        #expect(try await standing(3, isNow: false) == Standing(doubt: .known))
        try await run(ledger.confirming(Self.noa))
        #expect(try await standing(2).role == .admin)
        #expect(try await !ledger.isInDoubt(Self.noa))
        #expect(try await standing(1) == Standing(doubt: .new))
    }

    @Test func `a role is tied to the number that is known when it is given`() async throws {
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        try await run(ledger.binding(.sample("noa"), to: try number(1)))
        #expect(try await standing(2) == Standing(doubt: .new))
        #expect(try await standing(3).doubt == .new)
        // To give it anew means whoever they are by now.
        try await run(ledger.giving(.operator, to: Self.noa, at: .monday))
        #expect(try await standing(3).role == .operator)
    }

    @Test func `a number that is shown no more is another one`() async throws {
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        #expect(try await standing(nil).role == .admin)
        #expect(try await standing(1).role == .admin)
        #expect(try await standing(nil) == Standing(doubt: .new))
        #expect(try await standing(nil) == Standing(doubt: .known))
        try await run(ledger.confirming(Self.noa))
        #expect(try await standing(nil).role == .admin)
    }

    @Test(arguments: [2, nil])
    func `who is let in with a code gets back no role that was another number's`(_ last: Int?) async throws {
        try await approve(1)
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        #expect(try await standing(1) == Standing(role: .admin, person: .allowed))
        #expect(try await standing(last) == Standing(doubt: .new))
        try await approve(last)
        #expect(try await standing(last) == Standing(person: .allowed))
        #expect(try await ledger.holders().isEmpty)
    }

    @Test func `a role of before the doubt was noted is not given back, and one that was given since stays`()
        async throws
    {
        try await approve(1)
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        try await approve(2)
        #expect(try await standing(2) == Standing(person: .allowed))
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        try await approve(2)
        #expect(try await standing(2) == Standing(role: .admin, person: .allowed))
    }

    @Test func `who is let in by name is answered, without the role that was another number's`() async throws {
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        #expect(try await standing(1).role == .admin)
        #expect(try await standing(2).doubt == .new)
        try await run(ledger.admitting(.allowed, Self.noa, until: nil, at: .monday))
        #expect(try await standing(2) == Standing(person: .allowed))
        #expect(try await standing(3) == Standing(doubt: .new))
        // What keeps out holds whatever the number is.
        try await run(ledger.admitting(.blocked, Self.noa, until: nil, at: .monday))
        #expect(try await standing(4).person == .blocked)
    }

    @Test func `what is remembered of a number casts no doubt on who has another by now`() async throws {
        try await run(ledger.giving(.owner, to: Self.noa, at: .monday))
        #expect(try await standing(2).role == .owner)
        let past = InboundMessage.Sender(id: .sample("noa"), phone: try number(1))
        let standing = try await ledger.standing(
            of: past, in: .sample("noa"), hasRules: true, at: .monday, isNow: false)
        #expect(standing == Standing(doubt: .known))
        #expect(try await !ledger.isInDoubt(Self.noa))
    }

    @Test func `the doubt moves with the person`() async throws {
        try await run(ledger.giving(.admin, to: Self.noa, at: .monday))
        try await run(ledger.giving(.admin, to: .member(.sample("old")), at: .monday))
        try await database.run("UPDATE access_rule SET known_as = '1', seen_as = '2' WHERE member = 'test/old'")
        try await run(
            IdentityMove(personalData: CoreSchema.personalData).statements(
                of: .init(old: .sample("old"), new: .sample("noa")), in: []))
        #expect(try await ledger.holders().map(\.isDoubtful) == [true])
        #expect(try await standing(3).role == .user)
    }
}
