public import WhatsAppWire

extension WebClient {
    /// Adds, removes, promotes or demotes members; needs an admin.
    /// - Returns: what came of it for each.
    @discardableResult
    public func change(
        _ members: [JID], of group: JID, _ change: GroupMemberChange
    ) async throws -> [GroupMemberResult] {
        let group = group.withoutDevice
        guard !members.isEmpty else { return [] }
        let answer = try await request(GroupRequest.change(change, members, of: group))
        try await keep(answer.addressPairsInside)
        let node = try answer.requiredChild(change.rawValue)
        let results = GroupMemberResult.all(in: node)
        let done = node.children("participant").filter { $0.text("error") == nil }
        try await follow(Node(change.rawValue, [:], done), in: group)
        return results
    }

    /// Who wants to join a group whose admins let members in.
    public func membershipRequests(of group: JID) async throws -> [MembershipRequest] {
        let answer = try await request(GroupRequest.membershipRequests(of: group.withoutDevice))
        try await keep(answer.addressPairsInside)
        let list = try answer.requiredChild("membership_approval_requests")
        return list.children("membership_approval_request").prefix(GroupInfo.mostParticipants).compactMap { node in
            guard let user = try? node.requiredJID("jid") else { return nil }
            return MembershipRequest(
                user: user.withoutDevice, alias: node.jids("phone_number", "phone_number_jid", "lid").first,
                requestedAt: node.text("request_time").flatMap { Int64($0) })
        }
    }

    /// Lets in, or turns away, who wants to join.
    @discardableResult
    public func answerMembershipRequests(
        of users: [JID], to group: JID, isLetIn: Bool
    ) async throws -> [GroupMemberResult] {
        let group = group.withoutDevice
        let answer = try await request(GroupRequest.answer(users, isLetIn: isLetIn, of: group))
        // Who is new is told by no notification to the one who let them in.
        groups.forget(group)
        return answer.descendant("membership_requests_action", isLetIn ? "approve" : "reject")
            .map(GroupMemberResult.all) ?? []
    }

    /// Does to what we know what the server has done at our own wish: it tells everybody but us.
    func follow(_ change: Node, in group: JID) async throws {
        let node = Node("notification", ["from": .jid(group), "id": "own"], [change])
        for news in GroupNews.all(in: node, at: serverNow) {
            if news.endsOwnKey { try await endOwnKey(in: group) }
            groups.apply(news, own: ownAddresses)
        }
    }
}
