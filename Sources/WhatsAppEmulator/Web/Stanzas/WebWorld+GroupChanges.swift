import WhatsAppWire

/// Changes of one group.
extension WebWorld {
    func change(_ group: WebGroup, _ node: Node, _ child: Node, by device: EmulatedDevice) throws -> [Node] {
        let isAdmin = group.members[device.account.number]?.isAdmin ?? false
        func mustBeAdmin(unless isFree: Bool = false) throws {
            guard isAdmin || isFree else { throw StanzaRefusal.forbidden("only admins may do that") }
        }
        switch child.tag {
        case "query": return [Self.node(of: group)]
        case "add":
            try mustBeAdmin(unless: group.memberAddMode == "all_member_add")
            return [try members(group, child, by: device)]
        case "remove", "promote", "demote":
            try mustBeAdmin()
            return [try members(group, child, by: device)]
        case "subject", "description":
            try mustBeAdmin(unless: !group.isLocked)
            try rename(group, child, by: device)
        case "announcement", "not_announcement", "locked", "unlocked", "ephemeral", "not_ephemeral",
            "membership_approval_mode", "member_add_mode":
            try mustBeAdmin()
            set(child, in: group, by: device)
            tell(group, child, by: device)
        case "invite":
            try mustBeAdmin()
            if node.text("type") == "set" { group.invite = Identifiers.token(bytes: 16) }
            return [Node("invite", ["code": .text(group.invite)])]
        case "membership_approval_requests":
            try mustBeAdmin()
            return [
                Node(
                    "membership_approval_requests",
                    group.requests.map { request in
                        Node(
                            "membership_approval_request",
                            [
                                "jid": .jid(group.address(of: request.account)),
                                "request_time": .number(request.time),
                            ])
                    })
            ]
        case "membership_requests_action":
            try mustBeAdmin()
            return [try decide(group, child, by: device)]
        default: throw StanzaRefusal.unknown("there is no \(child.tag) of a group")
        }
        return []
    }

    private func members(_ group: WebGroup, _ child: Node, by device: EmulatedDevice) throws -> Node {
        let before = group.accounts
        var results: [Node] = []
        var changed: [Node] = []
        for asked in child.children("participant") {
            let jid = try asked.requiredJID("jid")
            guard let account = resolve(jid) else {
                results.append(Node("participant", ["jid": .jid(jid), "error": "404"]))
                continue
            }
            var attributes = Self.participant(account, of: group)
            let isMember = group.members[account.number] != nil
            guard isMember != (child.tag == "add") else {
                attributes["error"] = child.tag == "add" ? "409" : "404"
                results.append(Node("participant", attributes))
                continue
            }
            switch child.tag {
            case "add": group.add(account)
            case "remove": group.remove(account)
            case "promote": group.rank(account, "admin")
            default: group.rank(account, nil)
            }
            results.append(Node("participant", attributes))
            changed.append(Node("participant", attributes))
        }
        announce(child.tag, changed, in: group, by: device, before: before)
        return Node(child.tag, results)
    }

    private func announce(
        _ tag: String, _ changed: [Node], in group: WebGroup, by device: EmulatedDevice, before: [EmulatedAccount]
    ) {
        guard !changed.isEmpty else { return }
        group.version += 1
        let versions: Node.Attributes = [
            "prev_v_id": .number(group.version - 1), "v_id": .number(group.version),
        ]
        let joined = group.accounts.filter { account in !before.contains { $0 === account } }
        tell(group, Node(tag, versions, changed), by: device, to: before + joined)
    }

    private func rename(_ group: WebGroup, _ child: Node, by device: EmulatedDevice) throws {
        let account = device.account
        if child.tag == "subject" {
            guard let subject = child.text, !subject.isEmpty, subject.count <= 100 else {
                throw StanzaRefusal.notAcceptable("a subject has 1 to 100 characters")
            }
            (group.subject, group.subjectTime, group.subjectBy) = (subject, now, account)
            return tell(
                group,
                Node(
                    "subject",
                    [
                        "subject": .text(subject), "s_t": .number(now), "s_o": .jid(group.address(of: account)),
                        "s_o_pn": group.usesLID ? .jid(account.phoneNumber) : nil,
                    ]), by: device)
        }
        if let before = group.description?.id, child.text("prev") != before {
            throw StanzaRefusal.notAcceptable("the description was changed meanwhile")
        }
        if child.flag("delete") {
            group.description = nil
            return tell(group, Node("description", ["id": child.attributes["id"]], [Node("delete")]), by: device)
        }
        let text = try child.requiredChild("body").text ?? ""
        group.description = (try child.requiredText("id"), text, account, now)
        tell(
            group, Node("description", ["id": child.attributes["id"]], [Node("body", utf8: text)]), by: device)
    }

    /// Takes one setting, also of a group that is being made.
    func set(_ setting: Node, in group: WebGroup, by device: EmulatedDevice) {
        switch setting.tag {
        case "announcement", "not_announcement": group.isAnnouncement = setting.tag == "announcement"
        case "locked", "unlocked": group.isLocked = setting.tag == "locked"
        case "ephemeral": group.ephemeral = (try? setting.number("expiration", as: Int.self)) ?? 0
        case "not_ephemeral": group.ephemeral = 0
        case "member_add_mode": group.memberAddMode = setting.text ?? group.memberAddMode
        case "membership_approval_mode": group.needsApproval = setting.child("group_join")?.text("state") == "on"
        case "description":
            group.description = (
                setting.text("id") ?? "", setting.child("body")?.text ?? "", device.account, now
            )
        default: break
        }
    }

    private func decide(_ group: WebGroup, _ child: Node, by device: EmulatedDevice) throws -> Node {
        let before = group.accounts
        var results: [Node] = []
        for decision in child.children where ["approve", "reject"].contains(decision.tag) {
            var changed: [Node] = []
            for asked in decision.children("participant") {
                let account = resolve(try asked.requiredJID("jid"))
                guard let account, group.requests.contains(where: { $0.account === account }) else { continue }
                group.requests.removeAll { $0.account === account }
                changed.append(Node("participant", Self.participant(account, of: group)))
                if decision.tag == "approve" { group.add(account) }
            }
            results.append(Node(decision.tag, changed))
            if decision.tag == "approve" { announce("add", changed, in: group, by: device, before: before) }
        }
        return Node("membership_requests_action", results)
    }
}
