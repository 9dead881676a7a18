import BotKit
import Foundation

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
    private var cache: UserCache
    private var numbers: RowIDs?
    /// How many transactions that store a row are under way.
    private var underWay: [Int64: Int] = [:]
    /// The moves that belong to rows that were merged and are not stored yet.
    private var moves: [Int64: [SQL]] = [:]

    init(database: any Database, personalData: [PersonalData], accounts: [AccountID], capacity: Int = 10_000) {
        table = CloudUserTable(database: database)
        move = IdentityMove(personalData: personalData, accounts: accounts)
        cache = UserCache(capacity: capacity)
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
        for (winner, loser) in step.merges { moves[loser.id] = move.statements(from: loser, to: winner) }
        var resolution = Resolution(users: users)
        for id in step.touched where !cache.isStored(id) {
            guard let user = cache.user(id) else { continue }
            resolution.writes.append(CloudUserTable.store(user))
            resolution.writes += moves[id] ?? []
            resolution.revisions[id] = user.revision
            underWay[id, default: 0] += 1
        }
        return resolution
    }

    /// The writes of a resolution are durable.
    func noteStored(_ resolution: Resolution) {
        for (id, revision) in resolution.revisions {
            cache.noteStored(id, revision: revision)
            moves[id] = nil
            isLastUnderWay(id)
        }
    }

    /// The writes of a resolution were not stored; what it changed is forgotten and found again.
    func drop(_ resolution: Resolution) {
        for id in resolution.revisions.keys where isLastUnderWay(id) && !cache.isStored(id) {
            cache.drop(id)
            moves[id] = nil
        }
    }

    /// Counts the end of one transaction that stores a row: while there is another, it may still succeed.
    @discardableResult private func isLastUnderWay(_ id: Int64) -> Bool {
        let rest = (underWay[id] ?? 1) - 1
        underWay[id] = rest > 0 ? rest : nil
        return rest <= 0
    }

    /// The person behind a row, followed through merges; `nil` when the row was erased.
    func user(_ id: Int64) async throws -> CloudUser? {
        var id = id
        for _ in 0..<16 {
            if cache.user(id) == nil, let read = try await table.user(id) { cache.adopt(read) }
            guard let user = cache.user(id) else { return nil }
            guard let next = user.mergedInto else { return user }
            id = next
        }
        return nil
    }

    /// Reads what the cache does not hold.
    private func load(_ sightings: [Sighting]) async throws -> RowIDs {
        var missing: [Sighting.Keys] = []
        for sighting in sightings {
            miss(sighting.keys, &missing)
            if case .changed(let keys, _) = sighting.effect { miss(keys, &missing) }
        }
        if !missing.isEmpty {
            for user in try await table.rows(matching: missing) { cache.adopt(user) }
        }
        if let numbers { return numbers }
        let last = try await table.lastNumber()
        let made = numbers ?? RowIDs(after: last)
        numbers = made
        return made
    }

    private func miss(_ keys: Sighting.Keys, _ missing: inout [Sighting.Keys]) {
        let isKnown =
            (keys.phone.map { cache.user(phone: $0) != nil } ?? true)
            && (keys.userID.map { cache.user(userID: $0) != nil } ?? true)
            && (keys.phone != nil || keys.userID != nil
                || keys.parentID.map { cache.user(parentID: $0) != nil } ?? true)
        if !isKnown { missing.append(keys) }
    }
}
