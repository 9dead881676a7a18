import WhatsAppKeys
import WhatsAppWire

/// Groups: making, asking, who is told.
extension WebWorld {
    private static let longestSubject = 100
    private static let mostMembers = 1024

    func group(_ node: Node, _ to: JID, from device: EmulatedDevice) throws -> [Node] {
        guard let child = node.children.first else { throw StanzaRefusal.badRequest("a request about groups is empty") }
        switch (to == .groups, child.tag) {
        case (true, "create"): return [try create(child, by: device)]
        case (true, "participating"):
            let own = groups.values.filter { $0.members[device.account.number] != nil }.sorted { $0.id < $1.id }
            return [Node("groups", own.map { Self.node(of: $0) })]
        case (true, "leave"): return [leave(child, device)]
        case (true, "invite"): return [try join(node, child, device)]
        case (true, _): throw StanzaRefusal.unknown("there is no \(child.tag) of groups in general")
        default: break
        }
        guard let group = groups[to.user] else { throw StanzaRefusal.notFound("no such group") }
        guard group.members[device.account.number] != nil else {
            throw StanzaRefusal.forbidden("not a member of the group")
        }
        return try change(group, node, child, by: device)
    }

    // MARK: - Shape

    static func participant(_ account: EmulatedAccount, of group: WebGroup) -> Node.Attributes {
        group.usesLID
            ? ["jid": .jid(account.lid), "phone_number": .jid(account.phoneNumber)]
            : ["jid": .jid(account.phoneNumber), "lid": .jid(account.lid)]
    }

    static func node(of group: WebGroup) -> Node {
        var children = group.inOrder.map { member in
            var attributes = participant(member.account, of: group)
            attributes["type"] = .text(ifPresent: member.rank)
            return Node("participant", attributes)
        }
        if let description = group.description {
            children.append(
                Node(
                    "description",
                    [
                        "id": .text(description.id), "participant": .jid(group.address(of: description.by)),
                        "t": .number(description.time),
                    ], [Node("body", utf8: description.text)]))
        }
        if group.isAnnouncement { children.append(Node("announcement")) }
        if group.isLocked { children.append(Node("locked")) }
        if group.ephemeral > 0 { children.append(Node("ephemeral", ["expiration": .number(group.ephemeral)])) }
        children.append(Node("member_add_mode", utf8: group.memberAddMode))
        if group.needsApproval {
            children.append(Node("membership_approval_mode", [Node("group_join", ["state": "on"])]))
        }
        return Node(
            "group",
            [
                "id": .text(group.id), "addressing_mode": group.usesLID ? "lid" : "pn",
                "creator": .jid(group.address(of: group.creator)),
                "creator_pn": group.usesLID ? .jid(group.creator.phoneNumber) : nil,
                "creation": .number(group.creation), "subject": .text(group.subject),
                "s_t": .number(group.subjectTime), "s_o": .jid(group.address(of: group.subjectBy)),
                "s_o_pn": group.usesLID ? .jid(group.subjectBy.phoneNumber) : nil,
                "size": .number(group.members.count), "p_v_id": .number(group.version),
            ], children)
    }

    /// Tells every device of the members, but not the one that did it.
    func tell(
        _ group: WebGroup, _ change: Node, by actor: EmulatedDevice, to audience: [EmulatedAccount]? = nil
    ) {
        for target in (audience ?? group.accounts).flatMap(\.companions) where target !== actor {
            deliver(
                Node(
                    "notification",
                    [
                        "from": .jid(group.jid), "type": "w:gp2", "id": .text(Identifiers.stanza()),
                        "t": .number(now), "participant": .jid(group.address(of: actor.account)),
                        "participant_pn": group.usesLID ? .jid(actor.account.phoneNumber) : nil,
                        "notify": .text(actor.account.name), "addressing_mode": group.usesLID ? "lid" : "pn",
                    ], [change]), to: target)
        }
    }

    // MARK: - Requests in general

    private func create(_ request: Node, by device: EmulatedDevice) throws -> Node {
        let subject = try request.requiredText("subject")
        guard subject.count <= Self.longestSubject else {
            throw StanzaRefusal.notAcceptable("the subject is longer than \(Self.longestSubject) characters")
        }
        let asked = request.children("participant")
        guard asked.count < Self.mostMembers else { throw StanzaRefusal.notAcceptable("too many members") }
        let digits = (0..<12).map { _ in String(Int.random(in: 0...9)) }.joined()
        let group = WebGroup(
            id: "120363" + digits, subject: subject, creator: device.account, at: now, usesLID: options.groupsUseLID)
        var failures: [Node] = []
        for participant in asked {
            let jid = try participant.requiredJID("jid")
            if let account = resolve(jid) {
                if account !== device.account { group.add(account) }
            } else {
                failures.append(Node("participant", ["jid": .jid(jid), "error": "404"]))
            }
        }
        for setting in request.children where setting.tag != "participant" { set(setting, in: group, by: device) }
        groups[group.id] = group
        var answer = Self.node(of: group)
        tell(group, Node("create", ["type": "new", "key": request.attributes["key"]], [answer]), by: device)
        answer.content = .nodes(answer.children + failures)
        return answer
    }

    private func leave(_ request: Node, _ device: EmulatedDevice) -> Node {
        Node(
            "leave",
            request.children.map { asked in
                guard let jid = try? asked.jid("id"), let group = groups[jid.user],
                    group.members[device.account.number] != nil
                else { return Node("group", ["id": asked.attributes["id"], "error": "404"]) }
                let audience = group.accounts
                group.remove(device.account)
                group.version += 1
                let gone = Node("participant", Self.participant(device.account, of: group))
                tell(group, Node("remove", [gone]), by: device, to: audience)
                return Node("group", ["id": .jid(jid)])
            })
    }

    private func join(_ node: Node, _ request: Node, _ device: EmulatedDevice) throws -> Node {
        let code = try request.requiredText("code")
        guard let group = groups.values.first(where: { $0.invite == code }) else {
            throw StanzaRefusal.notAcceptable("no group has this invite code")
        }
        if node.text("type") == "get" { return Self.node(of: group) }
        if group.members[device.account.number] == nil {
            if group.needsApproval {
                group.requests.append((device.account, now))
                return Node("membership_approval_request", ["jid": .jid(group.jid)])
            }
            group.add(device.account)
            group.version += 1
            let joined = Node("participant", Self.participant(device.account, of: group))
            tell(group, Node("add", ["reason": "invite"], [joined]), by: device)
        }
        return Node("group", ["jid": .jid(group.jid)])
    }
}
