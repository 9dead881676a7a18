import WhatsAppWire

/// Questions about users: devices, LIDs, contacts, status texts, pictures.
extension WebWorld {
    private static let protocols: Set<String> = [
        "devices", "lid", "contact", "status", "picture", "business", "disappearing_mode", "bot", "username",
        "text_status", "feature", "sidelist",
    ]

    /// Answers `<usync>`.
    func lookUp(_ request: Node) throws -> Node {
        guard request.tag == "usync" else { throw StanzaRefusal.badRequest("there is no usync in the request") }
        for name in ["sid", "mode", "last", "index", "context"] where request.text(name) == nil {
            throw StanzaRefusal.badRequest("usync lacks the attribute \(name)")
        }
        let query = try request.requiredChild("query")
        let users = try request.requiredChild("list").children("user")
        let wanted = query.children.map(\.tag)
        if let unknown = wanted.first(where: { !Self.protocols.contains($0) }) {
            throw StanzaRefusal.badRequest("usync knows no \(unknown)")
        }
        guard !wanted.isEmpty, !users.isEmpty else { throw StanzaRefusal.badRequest("usync asks nothing") }
        let answersByLID = query.child("contact")?.text("addressing_mode") == "lid"
        let entries = try users.map { try entry($0, wanted, answersByLID: answersByLID) }
        let result = Node(
            "result", wanted.map { Node($0, $0 == "devices" ? ["version": "2"] : [:]) })
        var answer = Node("usync", [result, Node("list", entries)])
        for name in ["sid", "mode", "last", "index", "context"] {
            answer.attributes[name] = request.attributes[name]
        }
        return answer
    }

    private func entry(_ user: Node, _ wanted: [String], answersByLID: Bool) throws -> Node {
        let jid = try user.jid("jid")
        if jid == nil, let asked = user.child("contact"), let text = asked.text {
            let digits = (text.split(separator: "@").first ?? "").filter { $0 != "+" }
            let account = accounts[String(digits)]
            var attributes: Node.Attributes = ["jid": .jid(.phoneNumber(String(digits)))]
            if let account, answersByLID {
                attributes = ["jid": .jid(account.lid), "pn_jid": .jid(account.phoneNumber)]
            }
            let found = Node("contact", ["type": account == nil ? "out" : "in"], utf8: text)
            return Node("user", attributes, [found] + (account.map { facts(of: $0, wanted) } ?? []))
        }
        guard let jid else { throw StanzaRefusal.badRequest("usync asks about a user without jid or contact") }
        let known = resolve(jid).map { facts(of: $0, wanted) } ?? []
        return Node("user", ["jid": .jid(jid)], content: known.isEmpty ? .empty : .nodes(known))
    }

    private func facts(of account: EmulatedAccount, _ wanted: [String]) -> [Node] {
        wanted.compactMap { tag -> Node? in
            switch tag {
            case "devices": deviceList(of: account)
            case "lid": Node("lid", ["val": .jid(account.lid)])
            case "status": Node("status", ["t": .number(now)], utf8: account.about)
            case "picture": account.picture.map { Node("picture", ["id": .text($0.id)]) }
            case "disappearing_mode": Node("disappearing_mode", ["duration": "0", "t": "0"])
            default: nil
            }
        }
    }

    /// Profile pictures: get, set, remove.
    func picture(_ node: Node, _ child: Node, from device: EmulatedDevice) throws -> [Node] {
        let target = try node.jid("target") ?? node.jid("to")
        let account = resolve(target) ?? device.account
        if node.text("type") == "set" {
            guard child.tag == "picture", let bytes = child.bytes else {
                account.picture = nil
                return []
            }
            account.picture = (Identifiers.numeric(), bytes)
            return [Node("picture", ["id": .text(account.picture?.id ?? "")])]
        }
        guard child.tag == "picture" else { throw StanzaRefusal.badRequest("no picture was asked for") }
        guard let picture = account.picture else { throw StanzaRefusal.notFound("there is no picture") }
        let path = "/pps/\(picture.id).jpg"
        media[path] = picture.bytes
        return [
            Node(
                "picture",
                [
                    "id": .text(picture.id), "type": child.attributes["type"],
                    "url": "https://\(options.mediaHost)\(path)", "direct_path": .text(path),
                ])
        ]
    }
}
