import WhatsAppWire

/// The questions and orders about groups, as the server takes them.
enum GroupRequest {
    private static func iq(_ type: Node.Value, to: JID, _ child: Node) -> Node {
        Node("iq", ["xmlns": "w:g2", "type": type, "to": .jid(to)], [child])
    }

    static func info(_ group: JID) -> Node { iq("get", to: group, Node("query", ["request": "interactive"])) }
    static let all = iq("get", to: .groups, Node("participating", [:], [Node("participants"), Node("description")]))

    /// - Parameter tokens: the tokens that the members gave us, by member.
    static func create(_ subject: String, _ members: [JID], tokens: [JID: [UInt8]]) -> Node {
        let named = members.map { member in
            Node("participant", ["jid": .jid(member)], tokens[member].map { [Node("privacy", bytes: $0)] } ?? [])
        }
        return iq("set", to: .groups, Node("create", ["subject": .text(subject)], named + [approval(false)]))
    }

    static func change(_ change: GroupMemberChange, _ members: [JID], of group: JID) -> Node {
        iq("set", to: group, Node(change.rawValue, [:], participants(members)))
    }

    static func set(_ setting: Node, of group: JID) -> Node { iq("set", to: group, setting) }

    static func subject(_ text: String) -> Node { Node("subject", utf8: text) }

    static func description(_ text: String?, id: String, previous: String?) -> Node {
        var attributes: Node.Attributes = ["id": .text(id)]
        if let previous { attributes["prev"] = .text(previous) }
        guard let text else {
            attributes["delete"] = "true"
            return Node("description", attributes)
        }
        return Node("description", attributes, [Node("body", utf8: text)])
    }

    static func announcement(_ isOn: Bool) -> Node { Node(isOn ? "announcement" : "not_announcement") }
    static func locked(_ isOn: Bool) -> Node { Node(isOn ? "locked" : "unlocked") }
    static func approval(_ isOn: Bool) -> Node {
        Node("membership_approval_mode", [:], [Node("group_join", ["state": isOn ? "on" : "off"])])
    }
    static func disappearing(_ after: Duration?) -> Node {
        guard let seconds = after?.components.seconds, seconds > 0 else { return Node("not_ephemeral") }
        return Node("ephemeral", ["expiration": .number(seconds)])
    }

    static func leave(_ group: JID) -> Node {
        iq("set", to: .groups, Node("leave", [:], [Node("group", ["id": .jid(group)])]))
    }

    static func invite(of group: JID, isReset: Bool) -> Node { iq(isReset ? "set" : "get", to: group, Node("invite")) }
    static func info(ofInvite code: String) -> Node {
        iq("get", to: .groups, Node("invite", ["code": .text(code)]))
    }
    static func join(byInvite code: String) -> Node { iq("set", to: .groups, Node("invite", ["code": .text(code)])) }

    static func membershipRequests(of group: JID) -> Node {
        iq("get", to: group, Node("membership_approval_requests"))
    }
    static func answer(_ members: [JID], isLetIn: Bool, of group: JID) -> Node {
        iq(
            "set", to: group,
            Node("membership_requests_action", [:], [Node(isLetIn ? "approve" : "reject", [:], participants(members))]))
    }

    private static func participants(_ members: [JID]) -> [Node] {
        members.map { Node("participant", ["jid": .jid($0.withoutDevice)]) }
    }
}
