import BotKit
import Foundation
import WhatsAppCloud

/// Knows who is who: finds users by number or id, joins rows that are one person, and re-keys who changed.
///
/// Changes are made in memory and handed out as statements, which go into the transaction that stores the update
/// that showed them. Until `noteStored`, every user of a changed row gets its statements too.
actor CloudUserDirectory {
    /// Who the sightings are, and what has to be stored for it.
    struct Resolution: Sendable {
        /// One for each sighting; `nil` for somebody unknown who did not write.
        var users: [CloudUser?]
        var writes: [SQL] = []
        /// The changed rows with the revisions that `writes` store.
        var revisions: [Int64: Int64] = [:]
    }

    private let table: CloudUserTable
    private let move: IdentityMove
    private let accounts: [AccountID]
    private var cache: UserCache
    private var numbers: RowIDs?
    private var unsaved = UnsavedRows()
    /// The moves that belong to rows that were merged and are not stored yet.
    private var moves: [Int64: [SQL]] = [:]

    init(database: any Database, personalData: [PersonalData], accounts: [AccountID], capacity: Int = 10_000) {
        table = CloudUserTable(database: database)
        move = IdentityMove(personalData: personalData, except: "cloud_user")
        self.accounts = accounts
        cache = UserCache(capacity: capacity)
    }

    /// Who wrote, if all of `sightings` are messages of users who are known with all that these show of them.
    func settled(_ sightings: [Sighting], at now: Date) -> Resolution? {
        guard let numbers, !sightings.isEmpty else { return nil }
        var step = ResolutionStep(numbers: numbers, now: now)
        swap(&step.cache, &cache)
        defer { swap(&step.cache, &cache) }
        var users: [CloudUser?] = []
        for sighting in sightings {
            guard let user = step.settled(sighting) else { return nil }
            users.append(user)
        }
        return Resolution(users: users)
    }

    /// Finds, makes, joins and re-keys the users of `sightings`, in their order.
    /// - Throws: `DatabaseError`.
    func resolve(_ sightings: [Sighting], at now: Date) async throws -> Resolution {
        let numbers = try await load(sightings)
        // Nothing is awaited from here on: all that the store knows of these users is in the cache.
        var step = ResolutionStep(numbers: numbers, now: now)
        swap(&step.cache, &cache)
        let users = sightings.map { step.resolve($0) }
        swap(&step.cache, &cache)
        for (winner, loser) in step.merges {
            let chats = accounts.map { IdentityMove.Names(old: loser.chat(of: $0), new: winner.chat(of: $0)) }
            moves[loser.id] =
                chats.map { ServiceWindows.join($0.old, with: $0.new) }
                + move.statements(
                    of: .init(old: CloudUser.member(loser.id), new: CloudUser.member(winner.id)), in: chats)
        }
        for (one, other) in step.links { unsaved.link(one, other) }
        var resolution = Resolution(users: users)
        for id in unsaved.families(of: step.touched) where !cache.isStored(id) {
            guard let user = cache.user(id) else { continue }
            resolution.writes.append(CloudUserTable.store(user))
            resolution.writes += moves[id] ?? []
            resolution.revisions[id] = user.revision
        }
        unsaved.begin(resolution.revisions.keys)
        return resolution
    }

    /// The writes of a resolution are durable.
    func noteStored(_ resolution: Resolution) {
        unsaved.end(resolution.revisions.keys)
        for (id, revision) in resolution.revisions {
            cache.noteStored(id, revision: revision)
            moves[id] = nil
            if cache.isStored(id) { unsaved.unlink(id) }
        }
    }

    /// The writes of a resolution were not stored; unless another transaction has them too, what it changed is
    /// forgotten and found again.
    func drop(_ resolution: Resolution) {
        unsaved.end(resolution.revisions.keys)
        for id in resolution.revisions.keys {
            let family = unsaved.families(of: [id])
            guard !unsaved.areUnderWay(family) else { continue }
            for member in family where !cache.isStored(member) {
                cache.drop(member)
                moves[member] = nil
            }
            for member in family { unsaved.unlink(member) }
        }
    }

    /// The person behind a row, followed through merges; `nil` when the row was erased.
    func user(_ id: Int64) async throws -> CloudUser? {
        var id = id
        for _ in 0..<16 {
            try await adopt(.row(id))
            guard let user = cache.user(id) else { return nil }
            guard let next = user.mergedInto else { return user }
            id = next
        }
        return nil
    }

    /// All names under which a person is or was known.
    func names(of member: MemberID) async throws -> [MemberID] {
        guard let row = CloudUser.row(of: member) else { return [member] }
        return try await table.family(of: row).map(CloudUser.member)
    }

    /// Forgets people whose rows were erased.
    func forget(_ members: [MemberID]) {
        let rows = members.compactMap(CloudUser.row)
        cache.erase(rows)
        for row in rows {
            moves[row] = nil
            unsaved.unlink(row)
        }
    }

    /// Those whom a decision about a person means, each once.
    func users(known person: Person) async throws -> [CloudUser] {
        let rows: [Int64]
        switch person {
        case .number(let number):
            let keys = Sighting.Keys(phone: WhatsAppUserNumber(rawValue: number.digits), userID: nil)
            rows = try await table.rows(matching: [keys]).map(\.id)
        case .id(let id):
            let keys = Sighting.Keys(phone: nil, userID: BusinessScopedUserID(rawValue: id.text))
            rows = try await table.rows(matching: [keys]).map(\.id)
        case .member(let member):
            rows = CloudUser.row(of: member).map { [$0] } ?? []
        }
        var found: [CloudUser] = []
        for row in rows {
            guard let user = try await user(row), !found.contains(where: { $0.id == user.id }) else { continue }
            found.append(user)
        }
        return found
    }

    /// Reads what the cache does not hold.
    private func load(_ sightings: [Sighting]) async throws -> RowIDs {
        let last = numbers == nil ? try await table.lastNumber() : 0
        let made = numbers ?? RowIDs(after: last)
        numbers = made
        try await adopt(.keys(of: sightings))
        return made
    }

    /// Rows that the cache must hold before a step that may not wait.
    private enum Wanted {
        case row(Int64)
        case keys(of: [Sighting])
    }

    /// Reads rows into the cache; once more when it forgot something meanwhile, which may have been newer than what
    /// was read, or may be needed again.
    private func adopt(_ wanted: Wanted) async throws {
        cache.trim()
        for _ in 0..<8 {
            let losses = cache.losses
            let users: [CloudUser]
            switch wanted {
            case .row(let id):
                guard cache.user(id) == nil else { return }
                users = try await [table.user(id)].compactMap { $0 }
            case .keys(let sightings):
                let keys = missingKeys(of: sightings)
                guard !keys.isEmpty else { return }
                users = try await table.rows(matching: keys)
            }
            guard cache.losses == losses else { continue }
            for user in users { cache.adopt(user) }
            return
        }
        throw Outage("users", "the store fails too often to tell who is who", retryAfter: .seconds(2))
    }

    private func missingKeys(of sightings: [Sighting]) -> [Sighting.Keys] {
        var missing: [Sighting.Keys] = []
        for sighting in sightings {
            if !holds(sighting.keys) { missing.append(sighting.keys) }
            if case .changed(let keys, _, _) = sighting.effect, !holds(keys) { missing.append(keys) }
        }
        return missing
    }

    /// Whether each key is known; the parent's id counts only where there is no other.
    private func holds(_ keys: Sighting.Keys) -> Bool {
        if let phone = keys.phone, cache.user(phone: phone) == nil { return false }
        if let userID = keys.userID, cache.user(userID: userID) == nil { return false }
        guard keys.phone == nil, keys.userID == nil, let parentID = keys.parentID else { return true }
        return cache.user(parentID: parentID) != nil
    }
}
