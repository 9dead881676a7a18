import BotKit
import Foundation
import WhatsAppWire

/// Knows who is who: joins the number and the hidden id of a person when a message shows both.
///
/// What changes is handed out as statements, for the transaction that stores the message. Only what was read back from
/// the store is remembered, so that a transaction that fails leaves nothing behind.
actor WebUserDirectory {
    private static let capacity = 10_000

    private let table: WebUserTable
    private let move: IdentityMove
    private let accounts: [AccountID]
    private var known: [MemberID: WebUser] = [:]

    /// - Parameters:
    ///   - personalData: of all tables of the product: when two names turn out to be one person's, it all moves.
    ///   - accounts: whose chats move with a person.
    init(database: any Database, personalData: [PersonalData], accounts: [AccountID]) {
        table = WebUserTable(database: database)
        move = IdentityMove(personalData: personalData, except: "web_user")
        self.accounts = accounts
    }

    /// The people whom the sightings show, in their order, and what has to be stored for it.
    /// - Throws: `DatabaseError`.
    func resolve(_ sightings: [WebUser.Sighting], at now: Date) async throws -> (users: [WebUser], writes: [SQL]) {
        var step = WebResolution(rows: try await rows(of: sightings), now: now, move: move, accounts: accounts)
        let users = sightings.map { step.resolve($0) }
        for member in step.changed { known[member] = nil }
        return (users, step.writes)
    }

    /// The hidden id of the person with a number, if it is known.
    func hiddenID(ofPhone phone: String) async throws -> JID? {
        try await table.users(named: [], phones: [phone]).filter(\.address.isLID).max { $0.seenAt < $1.seenAt }?.address
    }

    /// All addresses under which people are known.
    func addresses(of members: [MemberID]) async throws -> [JID] {
        let phones = try await table.users(named: members, phones: []).compactMap(\.phone)
        return members.compactMap(\.address) + phones.map { .phoneNumber($0) }
    }

    /// All names of the person with one of them; empty when nobody wrote under it.
    func names(of person: Person) async throws -> Set<Person> {
        let users: [WebUser]
        switch person {
        case .number(let number):
            let member = MemberID(address: .phoneNumber(number.digits))
            users = try await table.users(named: [member], phones: [number.digits])
        case .id(let id):
            guard let address = JID(id.text), address.isLID else { return [] }
            users = try await table.users(named: [MemberID(address: address)], phones: [])
        case .member(let member):
            guard member.provider == MemberID.webNetwork, let address = member.address else { return [] }
            let phones = address.isPhoneNumber ? [address.user] : []
            users = try await table.users(named: [MemberID(address: address)], phones: phones)
        }
        var names: Set<Person> = []
        for user in users {
            names.insert(.member(user.member))
            if let id = NetworkID(user.address.description) { names.insert(.id(id)) }
            guard let phone = user.phone ?? (user.address.isPhoneNumber ? user.address.user : nil) else { continue }
            names.insert(.member(MemberID(address: .phoneNumber(phone))))
            if let number = PhoneNumber(phone) { names.insert(.number(number)) }
        }
        return names
    }

    /// Forgets people whose rows were erased.
    func forget(_ members: [MemberID]) { for member in members { known[member] = nil } }

    /// All that is stored of those whom the sightings may mean.
    private func rows(of sightings: [WebUser.Sighting]) async throws -> [WebUser] {
        var rows: [WebUser] = []
        var members: Set<MemberID> = []
        var phones: Set<String> = []
        for sighting in sightings {
            // Whoever is known by the hidden id, with the same number, has no other row.
            if let lid = sighting.lid, let user = known[MemberID(address: lid)],
                sighting.phone == nil || sighting.phone == user.phone
            {
                rows.append(user)
                continue
            }
            if let lid = sighting.lid { members.insert(MemberID(address: lid)) }
            if let phone = sighting.phone {
                members.insert(MemberID(address: .phoneNumber(phone)))
                phones.insert(phone)
            }
        }
        let read = try await table.users(named: Array(members), phones: Array(phones))
        if known.count + read.count > Self.capacity { known.removeAll() }
        for user in read where user.address.isLID { known[user.member] = user }
        return rows + read
    }
}
