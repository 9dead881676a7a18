import BotKit
import Foundation
import WhatsAppWire

/// One pass over sightings, without any waiting: the rules of who is who.
///
/// A hidden id stands for one person. A number is lent: it passes on to whom a message shows it with.
struct WebResolution {
    private var rows: [MemberID: WebUser]
    private let now: Date
    private let move: IdentityMove
    private let accounts: [AccountID]
    private(set) var writes: [SQL] = []
    /// Whose rows the writes change.
    private(set) var changed: Set<MemberID> = []

    /// - Parameter rows: all that is stored of those who may be met.
    init(rows: [WebUser], now: Date, move: IdentityMove, accounts: [AccountID]) {
        self.rows = Dictionary(rows.map { ($0.member, $0) }) { one, _ in one }
        self.now = now
        self.move = move
        self.accounts = accounts
    }

    mutating func resolve(_ sighting: WebUser.Sighting) -> WebUser {
        let lid = sighting.lid ?? sighting.phone.flatMap { holder(of: $0) }
        // A sighting has one of the two.
        let address = lid ?? .phoneNumber(sighting.phone ?? "")
        let old = rows[MemberID(address: address)]
        var user = old ?? WebUser(address: address, phone: nil, name: nil, seenAt: now)
        user.phone = sighting.phone ?? user.phone
        user.name = sighting.name ?? user.name
        // To the day is enough, and spares a write for each message.
        if now.timeIntervalSince(user.seenAt) > 86_400 { user.seenAt = now }
        if let phone = user.phone, phone != old?.phone { takePhone(phone, for: &user) }
        if user != old { store(user) }
        return user
    }

    /// Whoever has a number and is known by hidden id.
    private func holder(of phone: String) -> JID? {
        rows.values.filter { $0.phone == phone && $0.address.isLID }.max { $0.seenAt < $1.seenAt }?.address
    }

    private mutating func takePhone(_ phone: String, for user: inout WebUser) {
        for other in rows.values where other.phone == phone && other.member != user.member {
            if other.address.isLID {
                rows[other.member]?.phone = nil
            } else {
                join(other, to: &user)
            }
            changed.insert(other.member)
        }
        writes.append(WebUserTable.takePhone(for: user))
    }

    /// Whoever was known by number alone turns out to be the person with the hidden id.
    private mutating func join(_ loser: WebUser, to winner: inout WebUser) {
        guard winner.address.isLID else { return }
        winner.name = winner.name ?? loser.name
        let (old, new) = (loser, winner)
        writes += move.statements(
            of: .init(old: old.member, new: new.member),
            in: accounts.map { .init(old: old.chat(of: $0), new: new.chat(of: $0)) })
        writes.append(WebUserTable.remove(loser))
        rows[loser.member] = nil
    }

    private mutating func store(_ user: WebUser) {
        writes.append(WebUserTable.store(user))
        rows[user.member] = user
        changed.insert(user.member)
    }
}
