import Foundation

/// The users of late, found by row, number or id; rows that are not stored yet stay until they are.
struct UserCache {
    private enum Key: Hashable {
        case phone(String)
        case userID(String)
        case parentID(String)
    }
    private struct Entry {
        var user: CloudUser
        var isStored: Bool
        var usedAt: UInt64
    }

    private let capacity: Int
    private var entries: [Int64: Entry] = [:]
    private var rows: [Key: Int64] = [:]
    private var clock: UInt64 = 0
    /// Grows whenever something is forgotten: what was read from the store before may be older than what was known.
    private(set) var losses = 0

    init(capacity: Int) { self.capacity = capacity }

    var count: Int { entries.count }

    mutating func user(_ id: Int64) -> CloudUser? {
        guard entries[id] != nil else { return nil }
        clock += 1
        entries[id]?.usedAt = clock
        return entries[id]?.user
    }

    mutating func user(phone: String) -> CloudUser? { rows[.phone(phone)].flatMap { user($0) } }
    mutating func user(userID: String) -> CloudUser? { rows[.userID(userID)].flatMap { user($0) } }
    mutating func user(parentID: String) -> CloudUser? { rows[.parentID(parentID)].flatMap { user($0) } }

    func isStored(_ id: Int64) -> Bool { entries[id]?.isStored ?? true }

    /// Takes a row that was read; what is known already is newer, and keeps its number and ids.
    mutating func adopt(_ user: CloudUser) {
        guard entries[user.id] == nil else { return }
        add(user, isStored: true)
        for key in Self.keys(of: user) where rows[key] == nil { rows[key] = user.id }
    }

    /// Takes a new or changed row, which still has to be stored.
    mutating func put(_ user: CloudUser) {
        if let old = entries[user.id]?.user { release(old) }
        add(user, isStored: false)
        for key in Self.keys(of: user) { rows[key] = user.id }
    }

    mutating func noteStored(_ id: Int64, revision: Int64) {
        if entries[id]?.user.revision == revision { entries[id]?.isStored = true }
    }

    /// Forgets a change that could not be stored; the row is read again when it is needed.
    mutating func drop(_ id: Int64) {
        guard let entry = entries[id], !entry.isStored else { return }
        losses += 1
        release(entry.user)
        entries[id] = nil
    }

    /// Forgets rows that were erased, stored or not.
    mutating func erase(_ ids: [Int64]) {
        losses += 1
        for id in ids {
            guard let entry = entries.removeValue(forKey: id) else { continue }
            release(entry.user)
        }
    }

    private mutating func add(_ user: CloudUser, isStored: Bool) {
        clock += 1
        entries[user.id] = Entry(user: user, isStored: isStored, usedAt: clock)
    }

    /// Drops the older half of what is stored when there is too much; halving makes it cheap on the average.
    ///
    /// Never in the middle of a pass, which relies on what was read for it.
    mutating func trim() {
        guard entries.count > capacity else { return }
        losses += 1
        let ages = entries.values.map(\.usedAt).sorted()
        let middle = ages[ages.count / 2]
        for entry in entries.values where entry.isStored && entry.usedAt < middle {
            release(entry.user)
            entries[entry.user.id] = nil
        }
    }

    private mutating func release(_ user: CloudUser) {
        for key in Self.keys(of: user) where rows[key] == user.id { rows[key] = nil }
    }

    private static func keys(of user: CloudUser) -> [Key] {
        [user.phone.map { .phone($0) }, user.userID.map { .userID($0) }, user.parentID.map { .parentID($0) }]
            .compactMap { $0 }
    }
}
