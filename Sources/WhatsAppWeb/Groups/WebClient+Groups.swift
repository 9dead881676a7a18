import WhatsAppSignal
public import WhatsAppWire

extension WebClient {
    /// What a group is and who is in it, from memory or the server.
    /// - Throws: `WebError` with `refused` (403 when we are no member, 404 when there is none), `disconnected`.
    public func groupInfo(of group: JID) async throws -> GroupInfo {
        let group = group.withoutDevice
        // What changes while the answer is on its way makes the answer worthless.
        for _ in 0..<4 {
            if let known = groups[group] { return known }
            let generation = groups.generation(of: group)
            let answer = try await request(GroupRequest.info(group))
            let info = try GroupInfo(answer.requiredChild("group"))
            try await keep(answer.addressPairsInside)
            guard groups.generation(of: group) == generation else { continue }
            groups[group] = info
            return info
        }
        throw WebError(.timedOut, "the group changes faster than it can be read; try again")
    }

    /// All groups that the account is in.
    public func listGroups() async throws -> [GroupInfo] {
        let changes = groups.changes
        let answer = try await request(GroupRequest.all)
        let found = (answer.child("groups")?.children("group") ?? []).compactMap { try? GroupInfo($0) }
        try await keep(answer.addressPairsInside)
        if groups.changes == changes { for info in found.prefix(GroupTable.limit / 2) { groups[info.id] = info } }
        return found
    }

    /// Makes a group with us as its creator.
    /// - Returns: the group, and the members that could not be added.
    public func createGroup(
        _ subject: String, members: [JID]
    ) async throws -> (group: GroupInfo, failed: [GroupMemberResult]) {
        guard !subject.isEmpty, subject.count <= 100 else {
            throw WebError(.invalid, "a group's name has 1 to 100 characters")
        }
        let members = members.map(\.withoutDevice)
        let answer = try await request(
            GroupRequest.create(subject, members, tokens: try await privacyTokens(of: members)))
        let group = try answer.requiredChild("group")
        let info = try GroupInfo(group)
        try await keep(answer.addressPairsInside)
        groups[info.id] = info
        return (info, GroupMemberResult.all(in: group).filter { $0.error != nil })
    }

    /// Leaves a group.
    public func leaveGroup(_ group: JID) async throws {
        let group = group.withoutDevice
        let answer = try await request(GroupRequest.leave(group))
        let status = answer.descendant("leave", "group")?.text("error").flatMap { Int($0) }
        // 404: we were no member.
        guard status == nil || status == 404 else {
            throw WebError(.refused, status: status, "the server does not let us leave the group")
        }
        try await endOwnKey(in: group)
        groups.forget(group)
    }

    /// Makes sure, durably, that the next message to the group has a new key.
    func endOwnKey(in group: JID) async throws {
        try await withLanes([Self.lane(of: group)]) {
            try await store.commit([.delete(Self.ownKeyName(in: group))], events: [])
            sessions.drop(ownKey: group.description)
        }
    }

    /// The lane of our own key in a group.
    static func lane(of group: JID) -> String { "group \(group.withoutDevice)" }
    static func ownKeyName(in group: JID) -> StoreKey { StoreKey(.senderKey, "own::\(group.withoutDevice)") }
}

extension GroupMemberResult {
    /// What an answer says of each member.
    static func all(in node: Node) -> [GroupMemberResult] {
        node.children("participant").compactMap { part in
            guard let jid = try? part.requiredJID("jid") else { return nil }
            return GroupMemberResult(member: jid.withoutDevice, error: part.text("error").flatMap { Int($0) })
        }
    }
}
