import WhatsAppWire

/// Receipts and acknowledgements.
extension WebWorld {
    private static let reading: Set<String> = ["read", "played", "read-self", "played-self"]

    /// A device has taken a stanza.
    func acknowledge(_ node: Node, by device: EmulatedDevice) {
        guard let tag = node.text("class"), let id = node.text("id") else {
            return log.note("REFUSED ack without class or id of \(device.phoneNumber): \(xml(node))")
        }
        let peer = try? node.jid("to")
        guard device.pending.remove(tag: tag, id: id, from: peer, as: node) == nil, tag != "message" else { return }
        log.note("\(device.phoneNumber) acknowledged a \(tag) that it was not sent: \(id)")
    }

    func receipt(_ node: Node, from reader: EmulatedDevice) {
        guard let to = try? node.jid("to"), let id = node.text("id") else {
            return log.note("REFUSED receipt without to or id of \(reader.phoneNumber): \(xml(node))")
        }
        let kind = node.text("type")
        let isReading = Self.reading.contains(kind ?? "")
        let listed = node.child("list")?.children("item").compactMap { $0.text("id") } ?? []
        // A message that is asked for again is acknowledged besides, perhaps after its new copy is on the way.
        for message in [id] + listed where kind != "retry" {
            _ = reader.pending.remove(tag: "message", id: message, from: isReading ? nil : to)
        }
        if let link = reader.link {
            send(
                Node(
                    "ack",
                    [
                        "class": "receipt", "id": .text(id), "from": .jid(to), "type": .text(ifPresent: kind),
                        "participant": node.attributes["participant"], "recipient": node.attributes["recipient"],
                        "t": .number(now),
                    ]), to: link)
        }
        if to.isGroup || to.isBroadcast {
            passGroup(node, to, kind, isReading, from: reader)
        } else {
            passDirect(node, to, kind, isReading, from: reader)
        }
    }

    private func content(_ node: Node) -> Node.Content {
        let kept = node.children.filter { ["list", "retry", "registration", "keys"].contains($0.tag) }
        return kept.isEmpty ? .empty : .nodes(kept)
    }

    private func passDirect(
        _ node: Node, _ to: JID, _ kind: String?, _ isReading: Bool, from reader: EmulatedDevice
    ) {
        guard let account = resolve(to) else { return }
        let usesLID = to.isLID
        func stanza(from source: JID, recipient: Node.Value? = node.attributes["recipient"]) -> Node {
            Node(
                "receipt",
                [
                    "from": .jid(source), "id": node.attributes["id"], "type": .text(ifPresent: kind),
                    "t": .number(now), "recipient": recipient,
                ], content: content(node))
        }
        if kind == "retry" {
            guard node.child("retry") != nil, node.child("registration") != nil else {
                return log.note("REFUSED retry receipt without retry or registration: \(xml(node))")
            }
            if let keys = node.child("keys"), reader.number > 0, keys.child("device-identity") == nil {
                return log.note("REFUSED retry receipt whose keys have no device-identity: \(xml(node))")
            }
            if let target = account.devices[to.device], target !== reader {
                deliver(stanza(from: reader.address(lid: usesLID)), to: target)
            }
            return
        }
        if account === reader.account {
            // Our own phone learns that this companion has it.
            if let phone = account.devices[0], reader !== phone {
                deliver(stanza(from: reader.address(lid: usesLID)), to: phone)
            }
            return
        }
        if kind != "read-self", kind != "played-self" {
            let source = isReading ? reader.account.address(lid: usesLID) : reader.address(lid: usesLID)
            for target in account.allDevices { deliver(stanza(from: source), to: target) }
        }
        guard isReading else { return }
        let own = stanza(from: reader.address(lid: usesLID), recipient: .jid(to.withoutDevice))
        for target in reader.account.allDevices where target !== reader { deliver(own, to: target) }
    }

    private func passGroup(
        _ node: Node, _ to: JID, _ kind: String?, _ isReading: Bool, from reader: EmulatedDevice
    ) {
        let group = groups[to.user]
        let participant = try? node.jid("participant")
        guard let account = resolve(participant), group != nil || to.isBroadcast else {
            if participant == nil { log.note("REFUSED receipt in a group without participant: \(xml(node))") }
            return
        }
        let usesLID = group?.usesLID ?? true
        let source = isReading ? reader.account.address(lid: usesLID) : reader.address(lid: usesLID)
        let targets: [EmulatedDevice] =
            if kind == "retry" {
                [account.devices[participant?.device ?? 0]].compactMap { $0 }
            } else if account === reader.account {
                [account.devices[0]].compactMap { $0 }
            } else {
                account.allDevices
            }
        for target in targets where target !== reader {
            deliver(
                Node(
                    "receipt",
                    [
                        "from": .jid(to), "participant": .jid(source), "id": node.attributes["id"],
                        "type": .text(ifPresent: kind), "t": .number(now),
                    ], content: content(node)), to: target)
        }
    }
}
