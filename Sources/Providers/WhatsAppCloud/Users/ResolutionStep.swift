import BotKit
import Foundation

/// One pass over sightings, without any waiting: the rules of who is who.
///
/// A business-scoped id stands for one person. A number is lent: it passes on to whom an update shows it with. Two
/// rows become one only when nothing in them speaks against it, or when the network says that they are one person.
struct ResolutionStep {
    /// Swapped in before and out after the pass, so that it is never copied.
    var cache = UserCache(capacity: 1)
    let numbers: RowIDs
    let now: Date
    /// The rows that were met, in order; some of them changed.
    private(set) var touched: [Int64] = []
    private var touchedRows: Set<Int64> = []
    /// The rows that were joined, with what they were before.
    private(set) var merges: [(winner: CloudUser, loser: CloudUser)] = []
    /// The pairs of rows of which one gained what the other lost: they are stored together or not at all.
    private(set) var links: [(Int64, Int64)] = []

    init(numbers: RowIDs, now: Date) {
        self.numbers = numbers
        self.now = now
    }

    mutating func resolve(_ sighting: Sighting) -> CloudUser? {
        guard !sighting.keys.isEmpty else { return nil }
        switch sighting.effect {
        case .wrote(let time): return note(sighting, of: writer(sighting.keys, at: time))
        case .learnt: return learn(sighting.keys)
        case .changed(let keys, let isNumberChange, let time):
            return rekey(sighting.keys, to: keys, isNumberChange, at: time)
        case .marketing(let refused):
            guard var user = find(sighting.keys) else { return nil }
            if user.refusesMarketing != refused {
                user.refusesMarketing = refused
                user = change(user)
            }
            return touch(user)
        }
    }

    /// Who wrote, when that is stored with all that the sighting shows of them.
    mutating func settled(_ sighting: Sighting) -> CloudUser? {
        guard case .wrote = sighting.effect else { return nil }
        let byID = sighting.keys.userID.map { cache.user(userID: $0) }
        let byPhone = sighting.keys.phone.map { cache.user(phone: $0) }
        let found = [byID, byPhone].compactMap { $0 }
        guard let first = found.first, let user = first, found.allSatisfy({ $0?.id == user.id }),
            cache.isStored(user.id), told(by: sighting, of: user) == user
        else { return nil }
        return user
    }

    // MARK: - Rules

    /// Who writes under these keys; made when nobody does yet.
    private mutating func writer(_ keys: Sighting.Keys, at time: Date) -> CloudUser {
        let byID = keys.userID.flatMap { cache.user(userID: $0) }
        let byPhone = keys.phone.flatMap { cache.user(phone: $0) }
        switch (byID, byPhone) {
        case (let one?, let other?) where one.id == other.id:
            return one
        case (let one?, let other?):
            if one.phone == nil && other.userID == nil { return merge(one, other) }
            return lend(keys.phone, from: other, to: one, at: time)
        case (var one?, nil):
            guard let phone = keys.phone else { return one }
            (one.phone, one.phoneSince) = (phone, time)
            return change(one)
        case (nil, var other?):
            guard let userID = keys.userID else { return other }
            // The number came to somebody else: a stranger must not see the history of who had it before.
            guard other.userID == nil else { return lend(keys.phone, from: other, to: made(keys, at: time), at: time) }
            other.userID = userID
            return change(other)
        case (nil, nil):
            let known = keys.userID == nil ? keys.parentID.flatMap { cache.user(parentID: $0) } : nil
            return known ?? change(made(keys, at: time))
        }
    }

    /// A status showed number and id together: what fits is learnt, nothing is made or taken away.
    private mutating func learn(_ keys: Sighting.Keys) -> CloudUser? {
        let byID = keys.userID.flatMap { cache.user(userID: $0) }
        let byPhone = keys.phone.flatMap { cache.user(phone: $0) }
        switch (byID, byPhone) {
        case (let one?, let other?) where one.id != other.id && one.phone == nil && other.userID == nil:
            return touch(merge(one, other))
        case (nil, var other?) where other.userID == nil && keys.userID != nil:
            other.userID = keys.userID
            return touch(change(other))
        default:
            return (byID ?? byPhone).map { touch($0) }
        }
    }

    /// The network says that somebody has a new number or id, since `time`.
    private mutating func rekey(
        _ old: Sighting.Keys, to new: Sighting.Keys, _ isNumberChange: Bool, at time: Date
    ) -> CloudUser? {
        guard var user = holder(of: old, at: time) else { return nil }
        // Whoever wrote under the new id before this notice came is the same person.
        if let other = new.userID.flatMap({ cache.user(userID: $0) }), other.id != user.id { user = merge(user, other) }
        if let other = new.phone.flatMap({ cache.user(phone: $0) }), other.id != user.id {
            let isOne = other.userID == nil || new.userID == nil || other.userID == new.userID
            // So is who wrote under the new number since then. Who had it before is not, and keeps the history.
            if isOne, let since = other.phoneSince, since >= time {
                user = merge(user, other)
            } else {
                user = lend(new.phone, from: other, to: user, at: time)
            }
        }
        // A new number means a new id, told or not; the old ones may soon belong to somebody else.
        let phone = isNumberChange ? new.phone : new.phone ?? user.phone
        if phone != user.phone { user.phoneSince = phone == nil ? nil : time }
        user.phone = phone
        user.userID = isNumberChange ? new.userID : new.userID ?? user.userID
        user.parentID = new.parentID ?? (isNumberChange ? nil : user.parentID)
        return touch(change(user))
    }

    /// Whom a notice is about, which may come late: by the id they had, or by the number if it was theirs at that time.
    private mutating func holder(of keys: Sighting.Keys, at time: Date) -> CloudUser? {
        if let user = keys.userID.flatMap({ cache.user(userID: $0) }) { return user }
        guard let user = find(keys) else { return nil }
        guard keys.phone != nil, user.phone == keys.phone else { return user }
        if keys.userID != nil && user.userID != nil { return nil }
        return user.phoneSince.map { $0 > time } == true ? nil : user
    }

    private mutating func find(_ keys: Sighting.Keys) -> CloudUser? {
        keys.userID.flatMap { cache.user(userID: $0) } ?? keys.phone.flatMap { cache.user(phone: $0) }
            ?? keys.parentID.flatMap { cache.user(parentID: $0) }
    }

    // MARK: - Changes

    private func made(_ keys: Sighting.Keys, at time: Date) -> CloudUser {
        CloudUser(
            id: numbers.next(at: now), phone: keys.phone, phoneSince: keys.phone.map { _ in time },
            userID: keys.userID, parentID: keys.parentID, revision: 0, seenAt: now)
    }

    private mutating func lend(
        _ phone: String?, from other: CloudUser, to one: CloudUser, at time: Date
    ) -> CloudUser {
        var other = other
        var one = one
        (other.phone, other.phoneSince) = (nil, nil)
        links.append((one.id, other.id))
        touch(change(other))
        (one.phone, one.phoneSince) = (phone, phone.map { _ in time })
        return change(one)
    }

    /// Joins two rows; the older one stays, and takes from the other what it lacks.
    private mutating func merge(_ one: CloudUser, _ other: CloudUser) -> CloudUser {
        var (winner, loser) = one.id < other.id ? (one, other) : (other, one)
        merges.append((winner, loser))
        links.append((winner.id, loser.id))
        if winner.phone == nil { (winner.phone, winner.phoneSince) = (loser.phone, loser.phoneSince) }
        winner.userID = winner.userID ?? loser.userID
        winner.parentID = winner.parentID ?? loser.parentID
        winner.username = winner.username ?? loser.username
        winner.name = winner.name ?? loser.name
        winner.refusesMarketing = winner.refusesMarketing || loser.refusesMarketing
        winner.seenAt = max(winner.seenAt, loser.seenAt)
        (loser.phone, loser.phoneSince, loser.userID) = (nil, nil, nil)
        (loser.parentID, loser.username, loser.name) = (nil, nil, nil)
        loser.mergedInto = winner.id
        touch(change(loser))
        return change(winner)
    }

    /// Notes what a message tells besides its keys.
    private mutating func note(_ sighting: Sighting, of user: CloudUser) -> CloudUser {
        let new = told(by: sighting, of: user)
        return touch(new == user ? user : change(new))
    }

    /// The user with what a message tells besides its keys.
    private func told(by sighting: Sighting, of user: CloudUser) -> CloudUser {
        var new = user
        new.parentID = sighting.keys.parentID ?? new.parentID
        new.name = sighting.name ?? new.name
        new.username = sighting.username ?? new.username
        // To the day is enough, and spares a write for each message.
        if now.timeIntervalSince(new.seenAt) > 86_400 { new.seenAt = now }
        return new
    }

    private mutating func change(_ user: CloudUser) -> CloudUser {
        var user = user
        user.revision = numbers.next(at: now)
        cache.put(user)
        return user
    }

    @discardableResult private mutating func touch(_ user: CloudUser) -> CloudUser {
        if touchedRows.insert(user.id).inserted { touched.append(user.id) }
        return user
    }
}
