import WhatsAppWire

/// What is known of groups, as long as nothing says that it has changed.
struct GroupTable {
    static let limit = 1_024
    private var groups: [JID: GroupInfo] = [:]
    private var generations: [JID: UInt64] = [:]
    /// Counts all changes.
    private(set) var changes: UInt64 = 0

    subscript(group: JID) -> GroupInfo? {
        get { groups[group.withoutDevice] }
        set {
            if groups.count >= Self.limit { groups.removeAll() }
            groups[group.withoutDevice] = newValue
        }
    }

    /// Another one after each change of the group: what was asked before a change must not be kept after it.
    func generation(of group: JID) -> UInt64 { generations[group.withoutDevice] ?? 0 }

    mutating func forget(_ group: JID) {
        note(group)
        groups[group.withoutDevice] = nil
    }

    /// Follows a change.
    mutating func apply(_ news: GroupNews, own: [JID]) {
        let group = news.event.group
        note(group)
        if case .created(let info) = news.event.change, info.id == group { return self[group] = info }
        if let known = groups[group] { groups[group] = known.applying(news, own: own) }
    }

    private mutating func note(_ group: JID) {
        changes &+= 1
        if generations.count >= Self.limit { generations.removeAll() }
        generations[group.withoutDevice] = changes
    }
}
