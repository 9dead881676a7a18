import BotKit
import Foundation
import StoreSQLite
import TestKit
import Testing

@testable import BotCore

/// Two names turn out to be one person: what keeps out survives, and trust does not grow.
@Suite(.timeLimit(.minutes(1))) struct JoinedRulesTests {
    private let database: any Database
    private let ledger: AccessLedger
    private static let (old, new): (MemberID, MemberID) = (.sample("old"), .sample("new"))
    private static let hour = Date.monday.adding(.seconds(3_600))
    private static let day = Date.monday.adding(.seconds(86_400))

    init() async throws {
        database = try SQLiteDatabase.temporary()
        _ = try await Migrator(database, CoreSchema.migrations, time: ManualTime(.monday)).apply()
        ledger = AccessLedger(database: database, ids: RowIDs(), settings: try BotUnderTest.settings().access)
    }

    /// What was decided about one name.
    struct Rule: Sendable {
        var role = Role.user
        var admission = Admission.none
        var end: Date?
    }

    private func write(_ rule: Rule, _ member: MemberID) async throws {
        guard rule.role > .user || rule.admission != .none else { return }
        let person = Person.member(member)
        // In this order: a rule that says nothing is removed.
        if rule.admission != .none {
            try await database.transaction(ledger.admitting(rule.admission, person, until: rule.end, at: .monday))
        }
        if rule.role > .user { try await database.transaction(ledger.giving(rule.role, to: person, at: .monday)) }
    }

    private func join() async throws {
        try await database.transaction(
            IdentityMove(personalData: CoreSchema.personalData).statements(
                of: .init(old: Self.old, new: Self.new), in: [.init(old: .sample("old"), new: .sample("new"))]))
    }

    private func standing(after span: Duration = .zero) async throws -> Standing {
        try await ledger.standing(
            of: .init(id: Self.new), in: .sample("new"), hasRules: true, at: Date.monday.adding(span))
    }

    @Test(arguments: [
        (Rule(admission: .blocked), Rule(admission: .allowed), Rule(admission: .blocked)),
        (Rule(admission: .allowed), Rule(admission: .blocked), Rule(admission: .blocked)),
        (Rule(admission: .denied), Rule(admission: .allowed, end: hour), Rule(admission: .denied)),
        (Rule(admission: .blocked, end: hour), Rule(admission: .denied), Rule(admission: .blocked)),
        (Rule(admission: .denied), Rule(admission: .blocked, end: hour), Rule(admission: .blocked)),
        (
            Rule(admission: .blocked, end: hour), Rule(admission: .blocked, end: day),
            Rule(admission: .blocked, end: day)
        ),
        (Rule(admission: .allowed, end: hour), Rule(admission: .allowed), Rule(admission: .allowed, end: hour)),
        (Rule(admission: .allowed), Rule(admission: .allowed, end: hour), Rule(admission: .allowed, end: hour)),
        (Rule(role: .admin), Rule(role: .operator), Rule(role: .operator)),
        (Rule(role: .operator), Rule(role: .admin), Rule(role: .operator)),
        (Rule(role: .admin), Rule(admission: .allowed), Rule(admission: .allowed)),
        (Rule(admission: .blocked), Rule(role: .admin), Rule(role: .admin, admission: .blocked)),
        (Rule(admission: .denied, end: hour), Rule(role: .admin), Rule(role: .admin, admission: .denied, end: hour)),
        (Rule(admission: .blocked), Rule(), Rule(admission: .blocked)),
        (Rule(), Rule(admission: .blocked), Rule(admission: .blocked)),
    ])
    func `two rules become one`(old: Rule, new: Rule, both: Rule) async throws {
        try await write(old, Self.old)
        try await write(new, Self.new)
        try await join()
        let rows = try await database.rows("SELECT member, role, admission, expires_at FROM access_rule")
        #expect(rows.count == 1)
        let row = try #require(rows.first)
        #expect(try row.text("member") == Self.new.rawValue)
        #expect(try row.optionalInt("role") == (both.role == .user ? nil : Int64(both.role.rawValue)))
        #expect(try row.optionalText("admission") == (both.admission == .none ? nil : both.admission.rawValue))
        #expect(try row.optionalDate("expires_at") == both.end)
        #expect(try await standing().person == both.admission)
    }

    @Test func `nobody is in doubt about a number that both its holders are one person of`() async throws {
        let number = try #require(PhoneNumber("15550000001"))
        try await database.transaction(ledger.giving(.admin, to: .number(number), at: .monday))
        func writes(_ member: MemberID) async throws -> Standing {
            try await ledger.standing(
                of: .init(id: member, phone: number), in: .sample(), hasRules: true, at: .monday)
        }
        #expect(try await writes(Self.new).role == .admin)
        #expect(try await writes(Self.old).doubt == .new)
        try await join()
        #expect(try await !ledger.isInDoubt(.number(number)))
        #expect(try await writes(Self.new).role == .admin)
        // Somebody else is still somebody else.
        #expect(try await writes(.sample("thief")).doubt == .new)
        #expect(try await ledger.isInDoubt(.number(number)))
    }

    @Test func `who else wrote under a number is known by the name that remains`() async throws {
        let number = try #require(PhoneNumber("15550000001"))
        try await database.transaction(ledger.giving(.admin, to: .number(number), at: .monday))
        func writes(_ member: MemberID) async throws -> Standing {
            try await ledger.standing(
                of: .init(id: member, phone: number), in: .sample(), hasRules: true, at: .monday)
        }
        #expect(try await writes(.sample("first")).role == .admin)
        #expect(try await writes(Self.old).doubt == .new)
        try await join()
        #expect(try await writes(Self.new).doubt == .known)
        #expect(try await database.rows("SELECT other FROM access_identity")[0].text("other") == Self.new.rawValue)
    }
}
