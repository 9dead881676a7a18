import WhatsAppWire

extension GroupInfo {
    /// The group after a change.
    /// - Parameter own: the own account's addresses.
    /// - Returns: nil when it must be asked for anew, or is no longer ours to know.
    func applying(_ news: GroupNews, own: [JID]) -> GroupInfo? {
        var info = self
        switch news.event.change {
        case .created(let fresh): return fresh
        case .added:
            // As a new member we know nothing of what was before.
            guard !news.members.contains(where: { $0.isOne(of: own) }) else { return nil }
            info.participants.removeAll { $0.isOne(of: news.members.flatMap(\.addresses)) }
            info.participants += news.members
            guard info.participants.count <= Self.mostParticipants else { return nil }
        case .removed:
            guard !news.members.contains(where: { $0.isOne(of: own) }) else { return nil }
            info.participants.removeAll { $0.isOne(of: news.members.flatMap(\.addresses)) }
        case .promoted: info.give(.admin, to: news.members)
        case .demoted: info.give(.member, to: news.members)
        case .subject(let subject): info.subject = subject
        case .description(let text):
            info.description = text
            info.descriptionID = news.descriptionID
        case .announcement(let isOn): info.isAnnouncement = isOn
        case .locked(let isOn): info.isLocked = isOn
        case .disappearing(let after): info.disappearsAfter = after
        case .approval(let isOn): info.needsApproval = isOn
        case .inviteReset, .membershipRequested: break
        case .deleted, .other: return nil
        }
        return info
    }

    private mutating func give(_ role: Role, to members: [Participant]) {
        let names = members.flatMap(\.addresses)
        for index in participants.indices where participants[index].isOne(of: names) {
            participants[index].role = role
        }
    }
}

extension GroupInfo.Participant {
    /// All addresses of the member that are known.
    var addresses: [JID] { [jid, lid, phoneNumber].compactMap(\.self) }

    /// Whether one of `names` is the member's.
    func isOne(of names: [JID]) -> Bool { addresses.contains { names.contains($0) } }
}
