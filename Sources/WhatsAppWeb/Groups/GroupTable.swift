import WhatsAppWire

/// What is known of groups, as long as nothing says that it has changed.
struct GroupTable {
    static let limit = 1_024
    private var groups: [JID: GroupInfo] = [:]

    subscript(group: JID) -> GroupInfo? {
        get { groups[group.withoutDevice] }
        set {
            if groups.count >= Self.limit { groups.removeAll() }
            groups[group.withoutDevice] = newValue
        }
    }
    mutating func forget(_ group: JID) { groups[group.withoutDevice] = nil }
}
