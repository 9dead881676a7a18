import WhatsAppWire

/// Messages: who gets which part. The server never sees more than ciphertext.
extension WebWorld {
    /// Parts that are handed on as they are.
    private static let passedOn: Set<String> = ["meta", "biz", "bot"]
    private static let kinds: Set<String> = ["text", "media", "reaction", "poll", "pay", "event", "medianotify"]

    /// Hands a message on and answers its sender.
    /// - Returns: why it was refused, if it was.
    @discardableResult
    func message(_ node: Node, from sender: EmulatedDevice) -> StanzaRefusal? {
        var failure: StanzaRefusal?
        var answer: Node.Attributes = [
            "class": "message", "id": node.attributes["id"], "from": node.attributes["to"], "t": .number(now),
        ]
        do {
            if let hash = try fanOut(node, from: sender) { answer["phash"] = .text(hash) }
        } catch {
            let refusal = error as? StanzaRefusal ?? .badRequest("\(error)")
            log.note("REFUSED message of \(sender.phoneNumber): \(refusal.code) \(refusal.reason): \(xml(node))")
            failure = refusal
            answer["error"] = .number(refusal.code == 400 ? 479 : refusal.code)
        }
        if let link = sender.link { send(Node("ack", answer), to: link) }
        return failure
    }

    /// - Returns: the hash over the devices that should have got it, where the sender knows others.
    private func fanOut(_ node: Node, from sender: EmulatedDevice) throws -> String? {
        let id = try node.requiredText("id")
        let to = try node.requiredJID("to")
        guard let type = node.text("type"), Self.kinds.contains(type) else {
            throw StanzaRefusal.badRequest("a message has no type, or one that there is not")
        }
        if let status = refusedMessages.removeValue(forKey: sender.account.number) {
            throw StanzaRefusal.asked(status)
        }
        try check(node, from: sender)
        if sender.number > 0 { watch(node, id: id, from: sender) }
        // What a client repeats after a lost connection reaches nobody twice.
        let isRetry = node.children("enc").contains { $0.text("count") != nil }
        guard isRetry || seen.insert("\(sender.phoneNumber) \(id)") else {
            log.note("message \(id) of \(sender.phoneNumber) came before, and is only acknowledged")
            return nil
        }
        if to.isGroup { return try toGroup(node, to, from: sender) }
        if to == .status { return toStatus(node, from: sender) }
        guard let chat = resolve(to) else { throw StanzaRefusal.notFound("no such user: \(to)") }
        return try toUser(node, to, chat, from: sender)
    }

    /// Refuses what no receiver could read.
    private func check(_ node: Node, from sender: EmulatedDevice) throws {
        let copies = node.child("participants")?.children("to") ?? []
        let parts = try node.children("enc") + copies.map { try $0.requiredChild("enc") }
        guard !parts.isEmpty else { throw StanzaRefusal.badRequest("a message has no enc") }
        for part in parts {
            guard part.text("v") == "2" else { throw StanzaRefusal.badRequest("enc must have v 2") }
            guard case .bytes(let bytes) = part.content, bytes.first == 0x33 else {
                throw StanzaRefusal.badRequest("enc holds no Signal message of version 3")
            }
            guard ["pkmsg", "msg", "skmsg"].contains(part.text("type")) else {
                throw StanzaRefusal.badRequest("there is no enc of type \(part.text("type") ?? "none")")
            }
        }
        // Who begins a session must show that it is a device of its account; phones are the account.
        if sender.number > 0, parts.contains(where: { $0.text("type") == "pkmsg" }) {
            guard let identity = node.child("device-identity")?.bytes else {
                throw StanzaRefusal.badRequest("a companion's pkmsg has no device-identity")
            }
            guard Self.isSameIdentity(identity, sender.signedIdentity) else {
                throw StanzaRefusal.badRequest("the device-identity is not the one that was linked")
            }
        }
        for copy in copies { _ = try copy.requiredJID("jid") }
        guard Set(copies.compactMap { $0.text("jid") }).count == copies.count else {
            throw StanzaRefusal.badRequest("a device is named twice")
        }
    }

    private func base(_ node: Node, _ sender: EmulatedDevice, from: Node.Value, participant: Node.Value? = nil)
        -> Node.Attributes
    {
        [
            "from": from, "participant": participant, "id": node.attributes["id"], "type": node.attributes["type"],
            "edit": node.attributes["edit"], "category": node.attributes["category"],
            "push_priority": node.attributes["push_priority"], "t": .number(now),
            "notify": .text(sender.account.name),
        ]
    }

    /// What one device sees: its parts, the sender's identity if a session begins, the rest.
    private func body(_ node: Node, _ parts: [Node], from sender: EmulatedDevice) -> [Node] {
        var body = parts
        if parts.contains(where: { $0.text("type") == "pkmsg" }), let identity = node.child("device-identity") {
            body.append(identity)
        }
        return body + node.children.filter { Self.passedOn.contains($0.tag) }
    }

    private func copies(_ node: Node) throws -> [(jid: JID, part: Node)] {
        try (node.child("participants")?.children("to") ?? []).map { copy in
            (try copy.requiredJID("jid"), try copy.requiredChild("enc"))
        }
    }

    // MARK: - One user

    private func toUser(_ node: Node, _ to: JID, _ chat: EmulatedAccount, from sender: EmulatedDevice) throws -> String?
    {
        if let single = node.child("enc") {
            // A peer message, or the answer to a retry receipt: exactly one device.
            guard let target = chat.devices[to.device], target !== sender else {
                throw StanzaRefusal.notFound("no such device: \(to)")
            }
            guard node.text("category") != "peer" || chat === sender.account else {
                throw StanzaRefusal.forbidden("peer messages go to own devices")
            }
            hand(single, of: node, to, from: sender, to: target)
            return nil
        }
        if chat.blocklist.contains(sender.account.lid) || chat.blocklist.contains(sender.account.phoneNumber) {
            log.note("\(chat.number) has blocked \(sender.account.number): the message ends here")
            return nil
        }
        var reached: Set<ObjectIdentifier> = [ObjectIdentifier(sender)]
        for (jid, part) in try copies(node) {
            guard let target = device(jid), target !== sender,
                target.account === chat || target.account === sender.account
            else {
                log.note("\(sender.phoneNumber) wrote to a device that there is not: \(jid)")
                continue
            }
            reached.insert(ObjectIdentifier(target))
            hand(part, of: node, to, from: sender, to: target)
        }
        let owners = chat === sender.account ? [chat] : [chat, sender.account]
        let devices = owners.flatMap(\.allDevices)
        // Some device did not get it: the hash tells the client that its list is old.
        guard devices.contains(where: { !reached.contains(ObjectIdentifier($0)) }) else { return nil }
        return ParticipantHash.hash(of: devices.map { $0.address(lid: to.isLID) })
    }

    private func hand(
        _ part: Node, of node: Node, _ to: JID, from sender: EmulatedDevice, to target: EmulatedDevice
    ) {
        var attributes = base(node, sender, from: .jid(sender.address(lid: to.isLID)))
        let isOwn = target.account === sender.account
        if isOwn, node.text("category") != "peer" {
            // In the answer to a retry receipt the chat stands in an attribute of its own.
            let recipient = (try? node.jid("recipient")) ?? to.withoutDevice
            attributes["recipient"] = .jid(recipient)
            if let chat = resolve(recipient) {
                attributes[recipient.isLID ? "peer_recipient_pn" : "peer_recipient_lid"] =
                    .jid(chat.address(lid: !recipient.isLID))
            }
        } else if !isOwn {
            attributes[to.isLID ? "sender_pn" : "sender_lid"] = .jid(sender.account.secondAddress(lid: !to.isLID))
        }
        deliver(Node("message", attributes, body(node, [part], from: sender)), to: target)
    }

    // MARK: - Groups and status

    private func toGroup(_ node: Node, _ to: JID, from sender: EmulatedDevice) throws -> String? {
        guard let group = groups[to.user] else { throw StanzaRefusal.notFound("no such group: \(to)") }
        guard let member = group.members[sender.account.number] else {
            throw StanzaRefusal.forbidden("the sender is no member of the group")
        }
        guard !group.isAnnouncement || member.isAdmin || node.text("type") == "reaction" else {
            throw StanzaRefusal.forbidden("only admins may write in the group")
        }
        var attributes = base(
            node, sender, from: .jid(group.jid), participant: .jid(sender.address(lid: group.usesLID)))
        attributes["addressing_mode"] = group.usesLID ? "lid" : "pn"
        attributes[group.usesLID ? "participant_pn" : "participant_lid"] =
            .jid(sender.account.secondAddress(lid: !group.usesLID))
        let common = node.child("enc")
        if let participant = try node.jid("participant"), let common, common.text("type") != "skmsg" {
            guard let target = device(participant), group.members[target.account.number] != nil else {
                throw StanzaRefusal.notFound("no such device in the group: \(participant)")
            }
            deliver(Node("message", attributes, body(node, [common], from: sender)), to: target)
            return nil
        }
        var own: [ObjectIdentifier: Node] = [:]
        for (jid, part) in try copies(node) {
            if let target = device(jid) { own[ObjectIdentifier(target)] = part }
        }
        for target in group.devices where target !== sender {
            let parts = [own[ObjectIdentifier(target)], common].compactMap { $0 }
            if !parts.isEmpty {
                deliver(Node("message", attributes, body(node, parts, from: sender)), to: target)
            }
        }
        let expected = ParticipantHash.hash(of: group.devices.map { $0.address(lid: group.usesLID) })
        guard let hash = node.text("phash") else {
            if sender.number > 0 { throw StanzaRefusal.badRequest("a group message has no phash") }
            return nil
        }
        return hash == expected ? nil : expected
    }

    private func toStatus(_ node: Node, from sender: EmulatedDevice) -> String? {
        var attributes = base(node, sender, from: .jid(.status), participant: .jid(sender.lid))
        attributes["participant_pn"] = .jid(sender.account.phoneNumber)
        attributes["addressing_mode"] = "lid"
        let common = node.child("enc")
        for (jid, part) in (try? copies(node)) ?? [] {
            guard let target = device(jid), target !== sender else { continue }
            let parts = [part, common].compactMap { $0 }
            deliver(Node("message", attributes, body(node, parts, from: sender)), to: target)
        }
        return nil
    }
}
