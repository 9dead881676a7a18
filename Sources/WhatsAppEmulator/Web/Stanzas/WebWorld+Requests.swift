import WhatsAppWire

/// Which stanza is whose business.
extension WebWorld {
    func dispatch(_ node: Node, from link: WebLink) {
        if node.tag == "iq" { return request(node, from: link) }
        guard let device = link.device else {
            return log.note("ignored before login: \(xml(node))")
        }
        switch node.tag {
        case "message": message(node, from: device)
        case "receipt": receipt(node, from: device)
        case "ack": acknowledge(node, by: device)
        case "presence": presence(node, from: device)
        case "chatstate": chatState(node, from: device)
        case "ib":
            if let batch = node.child("offline_batch") {
                sendBacklog(of: link, count: (try? batch.number("count", as: Int.self)) ?? 100)
            }
        case "call":
            send(
                Node("ack", ["class": "call", "id": node.attributes["id"], "from": node.attributes["to"]]),
                to: link)
        default: log.note("UNHANDLED stanza from \(link.name): \(xml(node))")
        }
        runPhones()
    }

    private func request(_ node: Node, from link: WebLink) {
        switch node.text("type") {
        case "get", "set": break
        case "result", "error": return pairingAnswer(node, from: link)
        // A ping of one client has no type; the server takes it.
        default: guard node.text("xmlns") != nil else { return log.note("UNHANDLED iq: \(xml(node))") }
        }
        guard node.text("id")?.isEmpty == false else {
            return log.note("REFUSED \(link.name): an iq has no id: \(xml(node))")
        }
        do {
            let answer = try answer(node, from: link)
            send(
                Node(
                    "iq", ["from": Self.origin(of: node), "type": "result", "id": node.attributes["id"]],
                    content: answer.isEmpty ? .empty : .nodes(answer)), to: link)
        } catch {
            let refusal = error as? StanzaRefusal ?? .badRequest("\(error)")
            log.note("REFUSED \(link.name): \(refusal.code) \(refusal.reason): \(xml(node))")
            send(
                Node(
                    "iq", ["from": Self.origin(of: node), "type": "error", "id": node.attributes["id"]],
                    [Node("error", ["code": .number(refusal.code), "text": .text(refusal.text)])]), to: link)
        }
        let next = afterAnswer
        afterAnswer = []
        for step in next { perform(step) }
        runPhones()
    }

    /// Answers come from whom the request went to: the server as an address, not as a text.
    private static func origin(of node: Node) -> Node.Value { .jid((try? node.jid("to")) ?? .whatsApp) }

    private func perform(_ step: Afterwards) {
        switch step {
        case .activate(let link):
            link.isActive = true
            flush(link)
            if let device = link.device { welcome(device) }
        case .unlink(let device): unlink(device)
        case .offer(let pairing, let account, let secret): offer(pairing, to: account, secret: secret)
        }
    }

    private func answer(_ node: Node, from link: WebLink) throws -> [Node] {
        guard let to = try node.jid("to") else { throw StanzaRefusal.badRequest("an iq has no to") }
        let space = node.text("xmlns") ?? ""
        guard let device = link.device else {
            if space == "w:p" { return [] }
            guard let pairing = link.pairing, let part = node.child("link_code_companion_reg") else {
                throw StanzaRefusal.forbidden("the connection has not logged in")
            }
            return try linkCode(part, for: pairing)
        }
        if to.isGroup || to == .groups, space == "w:g2" { return try group(node, to, from: device) }
        guard to.isServer || space == "w:profile:picture" else {
            throw StanzaRefusal.badRequest("requests in \(space) go to the server")
        }
        let child = node.children.first ?? Node("")
        switch space {
        case "encrypt": return try prekeys(node, child, from: device)
        case "usync": return [try lookUp(child)]
        case "w:profile:picture": return try picture(node, child, from: device)
        case "w:m": return [mediaConnection()]
        case "w:sync:app:state": return [try synchronize(child, from: device)]
        case "passive": return activity(child, of: link)
        default: return try service(space, node, child, from: device)
        }
    }

    private func activity(_ child: Node, of link: WebLink) -> [Node] {
        if child.tag == "active" {
            afterAnswer.append(.activate(link))
        } else {
            link.isActive = false
        }
        return []
    }
}
