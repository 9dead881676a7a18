import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// What is known of who writes, by number and by the name on the network.
@Suite(.timeLimit(.minutes(1))) struct StandingTests {
    private let database: any Database
    private let ledger: AccessLedger
    private static let settings = [
        "OWNER_PHONE_NUMBERS": "15550000001", "WHITELISTED_ENABLED": "true",
        "WHITELISTED_PHONE_NUMBERS": "15550000005",
    ]

    init() async throws {
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
        ledger = AccessLedger(
            database: database, ids: RowIDs(), settings: try BotUnderTest.settings(Self.settings).access)
    }

    private func number(_ last: Int) throws -> PhoneNumber { try #require(PhoneNumber("1555000000\(last)")) }

    private func standing(_ person: String, _ last: Int?, in chat: ChatID? = nil, after span: Duration = .zero)
        async throws -> Standing
    {
        try await ledger.standing(
            of: .init(id: .sample(person), phone: try last.map { try number($0) }), in: chat ?? .sample(person),
            hasRules: true, at: Date.monday.adding(span))
    }

    private func run(_ statements: [SQL]) async throws { try await database.transaction(statements) }

    @Test func `a role that the settings give holds for the first who writes under the number`() async throws {
        #expect(try await standing("owner", 1).role == .owner)
        #expect(try await standing("owner", 1).role == .owner)
        let thief = try await standing("thief", 1)
        #expect(thief.role == .user && thief.doubt == .new)
        #expect(try await standing("thief", 1).doubt == .known)
        #expect(try await standing("owner", 1).role == .owner)
        let holder = try #require(try await ledger.holders().first)
        #expect(holder.isDoubtful && holder.isSet && holder.role == .owner)
        try await run(ledger.confirming(.number(try number(1))))
        #expect(try await standing("thief", 1).role == .owner)
        #expect(try await standing("owner", 1).role == .user)
    }

    @Test func `another network may know the same person by another name`() async throws {
        #expect(try await standing("owner", 1).role == .owner)
        let elsewhere = try await ledger.standing(
            of: .init(id: "other/x", phone: try number(1)), in: "other:bot/x", hasRules: true, at: .monday)
        #expect(elsewhere.role == .owner)
    }

    @Test func `a number that is let in by the settings is not let in for who takes it over`() async throws {
        #expect(try await standing("listed", 5).person == .allowed)
        #expect(try await standing("thief", 5).person == .none)
        #expect(try await standing("nobody", nil).person == .none)
    }

    @Test func `roles are given by number and by name, and taken away`() async throws {
        try await run(ledger.giving(.admin, to: .number(try number(2)), at: .monday))
        try await run(ledger.giving(.operator, to: .member(.sample("omer")), at: .monday))
        #expect(try await standing("noa", 2).role == .admin)
        #expect(try await standing("omer", nil).role == .operator)
        #expect(try await standing("thief", 2).role == .user)
        #expect(try await ledger.holders().map(\.role) == [.owner, .admin, .operator])
        try await run(ledger.giving(.user, to: .number(try number(2)), at: .monday))
        #expect(try await standing("noa", 2).role == .user)
        #expect(try await database.rows("SELECT id FROM access_rule").count == 1)
    }

    @Test func `a role does not end with the time for which somebody is let in`() async throws {
        let noa = Person.number(try number(2))
        try await run(ledger.admitting(.allowed, noa, until: .monday.adding(.seconds(60)), at: .monday))
        try await run(ledger.giving(.admin, to: noa, at: .monday))
        #expect(try await standing("noa", 2, after: .seconds(59)) == Standing(role: .admin, person: .allowed))
        #expect(try await standing("noa", 2, after: .seconds(61)) == Standing(role: .admin))
    }

    @Test func `who decides anew about a number means whoever has it now`() async throws {
        let person = Person.number(try number(2))
        try await run(ledger.admitting(.allowed, person, until: nil, at: .monday))
        #expect(try await standing("noa", 2).person == .allowed)
        #expect(try await standing("omer", 2).person == .none)
        #expect(try await ledger.isInDoubt(.number(try number(2))))
        try await run(ledger.admitting(.allowed, person, until: nil, at: .monday))
        #expect(try await standing("omer", 2).person == .allowed)
        #expect(try await !ledger.isInDoubt(.number(try number(2))))
    }

    @Test func `who is let in anew gets no role that went by the number`() async throws {
        let admin = try number(2)
        try await run(ledger.giving(.admin, to: .number(admin), at: .monday))
        for (holder, last) in [("noa", 2), ("owner", 1)] {
            #expect(try await standing(holder, last).role > .user)
            #expect(try await standing("thief", last).doubt == .new)
            try await run(ledger.admitting(.allowed, .number(try number(last)), until: nil, at: .monday))
            #expect(try await standing("thief", last).role == .user)
            #expect(try await standing(holder, last).role > .user)
        }
    }

    @Test func `an id of the network is a person's for good`() async throws {
        let id = try #require(NetworkID("US.1349"))
        func standing(_ person: String) async throws -> Standing {
            try await ledger.standing(
                of: .init(id: .sample(person), networkID: id), in: .sample(person), hasRules: true, at: .monday)
        }
        try await run(ledger.giving(.admin, to: .id(id), at: .monday))
        try await run(ledger.admitting(.allowed, .id(id), until: nil, at: .monday))
        #expect(try await standing("a") == Standing(role: .admin, person: .allowed))
        #expect(try await standing("b").role == .admin)
        try await run(ledger.admitting(.denied, .id(id), until: nil, at: .monday))
        #expect(try await standing("b").person == .denied)
    }

    @Test func `what was decided ends at its time, and what keeps out wins`() async throws {
        let person = Person.number(try number(3))
        let end = Date.monday.adding(.seconds(60))
        try await run(ledger.admitting(.allowed, person, until: end, at: .monday))
        #expect(try await standing("noa", 3, after: .seconds(59)).person == .allowed)
        #expect(try await standing("noa", 3, after: .seconds(60)).person == .none)
        try await run(ledger.admitting(.denied, .member(.sample("noa")), until: nil, at: .monday))
        #expect(try await standing("noa", 3).person == .denied)
        try await run(ledger.admitting(.blocked, person, until: nil, at: .monday))
        #expect(try await standing("noa", 3).person == .blocked)
        // Who takes a blocked number over is kept out too, until somebody decides otherwise.
        #expect(try await standing("heir", 3).person == .blocked)
        try await run(ledger.admitting(.none, person, until: nil, at: .monday))
        #expect(try await standing("heir", 3).person == .none)
    }

    @Test func `a group is decided about as a group`() async throws {
        let group = ChatID(account: "test:bot", name: "g")
        try await run(ledger.admitting(.allowed, group: group, at: .monday))
        let standing = try await standing("noa", nil, in: group)
        #expect(standing.group == .allowed && standing.person == .none)
        try await run(ledger.admitting(.denied, group: group, at: .monday))
        #expect(try await self.standing("noa", nil, in: group).group == .denied)
    }
}
