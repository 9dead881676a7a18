public import BotKit
import Crypto
public import Foundation

/// What is known of somebody who wrote, and of where.
struct Standing: Sendable, Equatable {
    var role = Role.user
    var person = Admission.none
    var group = Admission.none
    /// Whether somebody else wrote under the number before, who was trusted: no trust that goes by number holds then.
    var doubt = Doubt.none

    /// - Parameter new: nobody was told of it yet.
    enum Doubt { case none, known, new }
}

/// The tables in which it is written who may do what.
///
/// What is decided about a number holds for the one who wrote under it first. When a network says that another person
/// has the number by now, the decision stops to hold until it is confirmed; what keeps people out always holds.
public struct AccessLedger: AccessBook {
    let database: any Database
    let ids: RowIDs
    let settings: AccessSettings

    public init(database: any Database, ids: RowIDs, settings: AccessSettings) {
        self.database = database
        self.ids = ids
        self.settings = settings
    }

    // MARK: - Who writes

    /// - Parameters:
    ///   - hasRules: whether anything is written in the tables at all.
    ///   - isNow: whether the member shows the number now, and it is not one of the past.
    func standing(
        of sender: InboundMessage.Sender, in chat: ChatID, hasRules: Bool, at time: Date, isNow: Bool = true
    ) async throws -> Standing {
        let (byPhone, byID) = (sender.phone.map(Person.number), sender.networkID.map(Person.id))
        let given = byPhone.flatMap { settings.roles[$0] } ?? .user
        let isListed = byPhone.map { settings.listed.contains($0) } ?? false
        // An id is a person's for good.
        var standing = Standing(role: byID.flatMap { settings.roles[$0] } ?? .user)
        if byID.map({ settings.listed.contains($0) }) == true { standing.person = .allowed }
        guard hasRules || given > .user || isListed else { return standing }
        let rows = try await database.rows(
            """
            SELECT member, phone, network_id, chat, known_as, seen_as, role, admission, expires_at,
                NULL AS holder, NULL AS other
            FROM access_rule
            WHERE member = \(sender.id) OR phone = \(sender.phone?.digits) OR network_id = \(sender.networkID?.text)
                OR chat = \(chat)
            UNION ALL
            SELECT NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, member, other FROM access_identity
            WHERE network = \(sender.id.network) AND phone = \(sender.phone?.digits)
            """)
        let rules = try rows.compactMap { try Rule($0) }
        var trusted = rules.filter(\.isAboutID)
        if let rule = rules.first(where: { $0.isAboutMember && $0.isTrust }) {
            standing.doubt = try await doubt(about: sender.id, under: sender.phone, rule, isNow)
            if standing.doubt == .none { trusted.append(rule) }
        }
        let byNumber = rules.filter { $0.isAboutNumber && $0.isTrust }
        if let phone = sender.phone, given > .user || isListed || !byNumber.isEmpty {
            let holder = try rows.first { try $0.optionalText("holder") != nil }
            let doubt = try await doubt(about: sender.id, under: phone, holder: holder, at: time)
            if doubt == .none {
                trusted += byNumber
                standing.role = max(standing.role, given)
                if isListed { standing.person = .allowed }
            } else if standing.doubt != .new {
                standing.doubt = doubt
            }
        }
        for rule in trusted {
            // What ends is the admission; a role is given until it is taken away.
            standing.role = max(standing.role, rule.role)
            if rule.admission == .allowed, rule.isValid(at: time) { standing.person = .allowed }
        }
        for rule in rules where rule.isValid(at: time) {
            if rule.isAboutGroup { standing.group = rule.admission }
            if !rule.isAboutGroup, rule.admission == .denied, standing.person != .blocked { standing.person = .denied }
            if !rule.isAboutGroup, rule.admission == .blocked { standing.person = .blocked }
        }
        return standing
    }

    /// Whether a member who is trusted still has the number with which they are.
    private func doubt(about member: MemberID, under phone: PhoneNumber?, _ rule: Rule, _ isNow: Bool) async throws
        -> Standing.Doubt
    {
        guard let known = rule.knownAs else {
            if let phone, isNow {
                try await database.run(
                    "UPDATE access_rule SET known_as = \(phone.digits) WHERE member = \(member) AND known_as IS NULL")
            }
            return .none
        }
        // No number is another one, too.
        let seen = phone?.digits ?? ""
        if seen == known {
            if rule.seenAs != nil, isNow {
                try await database.run("UPDATE access_rule SET seen_as = NULL WHERE member = \(member)")
            }
            return .none
        }
        if seen == rule.seenAs || !isNow { return .known }
        try await database.run("UPDATE access_rule SET seen_as = \(seen) WHERE member = \(member)")
        return .new
    }

    /// Whether it is still the same person who writes under a number that something was decided about.
    private func doubt(
        about member: MemberID, under phone: PhoneNumber, holder row: Row?, at time: Date
    ) async throws -> Standing.Doubt {
        guard let row else {
            let inserted = try await database.run(
                """
                INSERT INTO access_identity (network, phone, member, created_at)
                VALUES (\(member.network), \(phone.digits), \(member), \(time))
                ON CONFLICT (network, phone) DO NOTHING
                """)
            guard inserted == 0 else { return .none }
            // Two who write at the same moment for the first time are not both the first.
            let rows = try await database.rows(
                """
                SELECT member AS holder, other FROM access_identity
                WHERE network = \(member.network) AND phone = \(phone.digits)
                """)
            guard let first = rows.first else { return .known }
            return try await doubt(about: member, under: phone, holder: first, at: time)
        }
        if try row.id("holder") == member { return .none }
        if try row.optionalText("other") == member.rawValue { return .known }
        try await database.run(
            """
            UPDATE access_identity SET other = \(member)
            WHERE network = \(member.network) AND phone = \(phone.digits)
            """)
        return .new
    }

    private struct Rule {
        let isAboutMember: Bool
        let isAboutNumber: Bool
        let isAboutID: Bool
        let isAboutGroup: Bool
        let knownAs: String?
        let seenAs: String?
        let role: Role
        let admission: Admission
        let expiresAt: Date?

        /// - Returns: `nil` for a row that says whose a number is.
        init?(_ row: Row) throws {
            guard try row.optionalText("holder") == nil else { return nil }
            isAboutMember = try row.optionalText("member") != nil
            isAboutNumber = try row.optionalText("phone") != nil
            isAboutID = try row.optionalText("network_id") != nil
            isAboutGroup = try row.optionalText("chat") != nil
            knownAs = try row.optionalText("known_as")
            seenAs = try row.optionalText("seen_as")
            role = try row.optionalInt("role").flatMap { Role(rawValue: Int($0)) } ?? .user
            admission = try row.optionalText("admission").flatMap(Admission.init(rawValue:)) ?? .none
            expiresAt = try row.optionalDate("expires_at")
        }

        var isTrust: Bool { role > .user || admission == .allowed }

        func isValid(at time: Date) -> Bool { expiresAt.map { $0 > time } ?? true }
    }

    // MARK: - Roles

    public func holders() async throws -> [RoleHolder] {
        let rows = try await database.rows(
            """
            SELECT r.member, r.phone, r.network_id, r.role, r.seen_as, (SELECT COUNT(*) FROM access_identity AS i
                WHERE i.phone = r.phone AND i.other IS NOT NULL) AS doubts
            FROM access_rule AS r WHERE r.role > 0 ORDER BY r.created_at LIMIT 1000
            """)
        let doubted = try await database.rows(
            "SELECT DISTINCT phone FROM access_identity WHERE other IS NOT NULL LIMIT 1000"
        ).map { try $0.text("phone") }
        var holders = settings.roles.map { person, role in
            guard case .number(let number) = person else {
                return RoleHolder(person, role, isSet: true, isDoubtful: false)
            }
            return RoleHolder(person, role, isSet: true, isDoubtful: doubted.contains(number.digits))
        }
        for row in rows {
            guard let role = Role(rawValue: Int(try row.int("role"))) else { continue }
            let number = try row.optionalText("phone").flatMap { PhoneNumber($0) }
            let member = try row.optionalText("member").map { MemberID(rawValue: $0) }
            let id = try row.optionalText("network_id").flatMap { NetworkID($0) }
            let person = number.map(Person.number) ?? id.map(Person.id) ?? member.map(Person.member)
            guard let person else { continue }
            let isDoubtful = try row.int("doubts") > 0 || row.optionalText("seen_as") != nil
            holders.append(RoleHolder(person, role, isSet: false, isDoubtful: isDoubtful))
        }
        return holders.sorted { ($1.role, $0.isSet ? 0 : 1) < ($0.role, $1.isSet ? 0 : 1) }
    }

    public func role(of names: Set<Person>) async throws -> Role {
        var people = names
        for name in names {
            switch name {
            case .member(let member):
                let rows = try await database.rows("SELECT phone FROM access_identity WHERE member = \(member)")
                people.formUnion(try rows.compactMap { PhoneNumber(try $0.text("phone")) }.map(Person.number))
                // Some networks call people by their number.
                if let number = PhoneNumber(member.name) { people.insert(.number(number)) }
            case .number(let number):
                let rows = try await database.rows("SELECT member FROM access_identity WHERE phone = \(number.digits)")
                people.formUnion(try rows.map { .member(try $0.id("member")) })
            case .id: break
            }
        }
        return try await holders().filter { people.contains($0.person) }.map(\.role).max() ?? .user
    }

    public func giving(_ role: Role, to person: Person, at time: Date) -> [SQL] {
        let value: Int64? = role == .user ? nil : Int64(role.rawValue)
        return [
            insertion(about: person, at: time),
            "UPDATE access_rule SET role = \(value) WHERE \(condition(person))",
            Self.tidying,
        ] + (role > .user ? trusting(person, isAboutRole: true) : [])
    }

    // MARK: - Letting in and keeping out

    public func admitting(_ admission: Admission, _ person: Person, until end: Date?, at time: Date) -> [SQL] {
        [
            insertion(about: person, at: time),
            """
            UPDATE access_rule SET admission = \(admission.stored), expires_at = \(end) WHERE \(condition(person))
            """,
            Self.tidying,
        ] + (admission == .allowed ? trusting(person, isAboutRole: false) : [])
    }

    public func admitting(_ admission: Admission, group: ChatID, at time: Date) -> [SQL] {
        [
            """
            INSERT INTO access_rule (id, chat, created_at) VALUES (\(ids.next(at: time)), \(group), \(time))
            ON CONFLICT (chat) DO NOTHING
            """,
            "UPDATE access_rule SET admission = \(admission.stored), expires_at = NULL WHERE chat = \(group)",
            Self.tidying,
        ]
    }

    public func binding(_ member: MemberID, to number: PhoneNumber) -> [SQL] {
        ["UPDATE access_rule SET known_as = \(number.digits), seen_as = NULL WHERE member = \(member)"]
    }

    public func confirming(_ person: Person) -> [SQL] {
        switch person {
        case .number(let number):
            [
                """
                UPDATE access_identity SET member = other, other = NULL
                WHERE phone = \(number.digits) AND other IS NOT NULL
                """
            ]
        case .member(let member):
            // Who shows no number now is trusted with the one that they show next.
            [
                """
                UPDATE access_rule SET known_as = NULLIF(seen_as, ''), seen_as = NULL
                WHERE member = \(member) AND seen_as IS NOT NULL
                """
            ]
        case .id: []
        }
    }

    public func isInDoubt(_ person: Person) async throws -> Bool {
        let query: SQL
        switch person {
        case .number(let number):
            query =
                "SELECT 1 AS doubt FROM access_identity WHERE phone = \(number.digits) AND other IS NOT NULL LIMIT 1"
        case .member(let member):
            query = "SELECT 1 AS doubt FROM access_rule WHERE member = \(member) AND seen_as IS NOT NULL"
        case .id: return false
        }
        return try await !database.rows(query).isEmpty
    }

    /// Who decides anew about a number means whoever has it now, and about a member, with the number that they have
    /// now; a role that goes by it is theirs only when that was decided by who may give roles.
    private func trusting(_ person: Person, isAboutRole: Bool) -> [SQL] {
        if isAboutRole { return confirming(person) }
        if case .member(let member) = person {
            return ["UPDATE access_rule SET role = NULL WHERE member = \(member) AND seen_as IS NOT NULL"]
                + confirming(person)
        }
        guard case .number(let number) = person, settings.roles[person] == nil else { return [] }
        return [
            """
            UPDATE access_identity SET member = other, other = NULL
            WHERE phone = \(number.digits) AND other IS NOT NULL
                AND NOT EXISTS (SELECT 1 FROM access_rule WHERE phone = \(number.digits) AND role IS NOT NULL)
            """
        ]
    }

    public func admission(of person: Person) async throws -> Admission {
        try await database.rows("SELECT admission FROM access_rule WHERE \(condition(person))").first?
            .optionalText("admission").flatMap(Admission.init(rawValue:)) ?? .none
    }

    public func silencing(_ chats: [ChatID]) -> [SQL] {
        [
            """
            UPDATE outbox SET state = 'dead', problem = 'blocked'
            WHERE chat IN (\(list: chats)) AND state IN ('queued', 'sending', 'parked')
            """
        ]
    }

    private func insertion(about person: Person, at time: Date) -> SQL {
        switch person {
        case .number(let number):
            """
            INSERT INTO access_rule (id, phone, created_at) VALUES (\(ids.next(at: time)), \(number.digits), \(time))
            ON CONFLICT (phone) DO NOTHING
            """
        case .id(let networkID):
            """
            INSERT INTO access_rule (id, network_id, created_at)
            VALUES (\(ids.next(at: time)), \(networkID.text), \(time)) ON CONFLICT (network_id) DO NOTHING
            """
        case .member(let member):
            """
            INSERT INTO access_rule (id, member, created_at) VALUES (\(ids.next(at: time)), \(member), \(time))
            ON CONFLICT (member) DO NOTHING
            """
        }
    }

    private func condition(_ person: Person) -> SQL {
        switch person {
        case .number(let number): "phone = \(number.digits)"
        case .id(let id): "network_id = \(id.text)"
        case .member(let member): "member = \(member)"
        }
    }

    /// A rule that says nothing any more.
    private static let tidying: SQL = "DELETE FROM access_rule WHERE role IS NULL AND admission IS NULL"
}

extension MemberID {
    /// The network that the person is known on.
    var network: String { String(rawValue.prefix { $0 != "/" }) }
}

extension Admission {
    /// The word in the table; nothing decided is no word.
    fileprivate var stored: String? { self == .none ? nil : rawValue }
}
