import WhatsAppWire

/// What waits for devices, and the way to them.
extension WebWorld {
    /// Gives a stanza to a device; it waits in the device's queue until it is acknowledged, unless it is `fleeting`.
    func deliver(_ stanza: Node, to device: EmulatedDevice, fleeting: Bool = false) {
        var node = stanza
        if node.tag == "message", device.faults.corrupt > 0 {
            device.faults.corrupt -= 1
            node = Self.damaged(node)
        } else if node.tag == "message", device.faults.damageLast > 0, node.children("enc").count > 1 {
            device.faults.damageLast -= 1
            let last = node.children("enc").count - 1
            var index = -1
            node.content = .nodes(
                node.children.map { child in
                    if child.tag == "enc" { index += 1 }
                    return child.tag == "enc" && index == last
                        ? Self.damaged(Node("message", [child])).children[0] : child
                })
        }
        node = spoilIdentity(in: node, for: device)
        if device.number == 0 {
            if !options.isLean { log.note("-> \(device.phoneNumber) (phone) \(xml(node))") }
            return phone(of: device.account).mail.append(node)
        }
        if !fleeting { device.pending.append(node) }
        guard let link = device.link, link.isActive else { return }
        guard link.backlog.isEmpty else { return link.backlog.append(node) }
        pass(node, to: link, of: device)
    }

    /// Spoils what vouches for who begins a session, as often as was asked for.
    private func spoilIdentity(in node: Node, for device: EmulatedDevice) -> Node {
        guard node.tag == "message", let identity = node.child("device-identity")?.bytes else { return node }
        var spoilt: [Node] = []
        if device.faults.strangeIdentities > 0 {
            device.faults.strangeIdentities -= 1
            spoilt = [Node("device-identity", bytes: Self.signedByStranger(identity))]
        } else if device.faults.lostIdentities > 0 {
            device.faults.lostIdentities -= 1
        } else {
            return node
        }
        return Node(
            node.tag, node.attributes,
            content: .nodes(node.children.filter { $0.tag != "device-identity" } + spoilt))
    }

    /// Sends, with whatever goes wrong on purpose.
    private func pass(_ node: Node, to link: WebLink, of device: EmulatedDevice) {
        let delay = device.faults.delay.isEmpty ? 0 : Int.random(in: device.faults.delay)
        guard node.tag == "message" else { return send(node, to: link, after: delay) }
        if device.faults.lose > 0 {
            device.faults.lose -= 1
            return log.note("lost on purpose: message \(node.text("id") ?? "")")
        }
        if device.faults.swap > 0 {
            device.faults.swap -= 1
            return link.heldBack.append(node)
        }
        send(node, to: link, after: delay)
        if device.faults.duplicate > 0 {
            device.faults.duplicate -= 1
            send(node, to: link, after: delay)
        }
        for held in link.heldBack { send(held, to: link, after: delay) }
        link.heldBack = []
    }

    /// Begins to deliver what waited: a preview, the stanzas in order, the end.
    func flush(_ link: WebLink) {
        guard let device = link.device else { return }
        let pending = device.pending.all
        if !pending.isEmpty {
            func count(_ tag: String) -> Node.Value { .number(pending.count { $0.tag == tag }) }
            let counts: Node.Attributes = [
                "count": .number(pending.count), "appdata": "0", "message": count("message"),
                "notification": count("notification"), "receipt": count("receipt"),
            ]
            send(Node("ib", ["from": .jid(.whatsApp)], [Node("offline_preview", counts)]), to: link)
        }
        let queued = pending.enumerated().map { index, node in
            var node = node
            node.attributes["offline"] = .number(index)
            return node
        }
        let end = Node("ib", ["from": .jid(.whatsApp)], [Node("offline", ["count": .number(pending.count)])])
        link.backlog = queued + [end]
        sendBacklog(of: link, count: options.offlinePrimer == 0 ? queued.count : options.offlinePrimer)
    }

    /// Sends the next of what waited; the end and what came meanwhile follow the last one.
    func sendBacklog(of link: WebLink, count: Int) {
        // Up to the end of what waited: what follows it waits for nothing.
        let queued = link.backlog.firstIndex { $0.tag == "ib" } ?? link.backlog.count
        let batch = link.backlog.prefix(min(max(0, count), queued))
        link.backlog.removeFirst(batch.count)
        for node in batch { send(node, to: link) }
        guard link.backlog.first?.tag == "ib" else { return }
        let rest = link.backlog
        link.backlog = []
        for node in rest { send(node, to: link) }
    }

    /// A copy in which a bit of every ciphertext is changed, where a MAC or a signature covers it.
    static func damaged(_ node: Node) -> Node {
        var copy = node
        copy.content = .nodes(
            node.children.map { child in
                guard child.tag == "enc", var bytes = child.bytes, bytes.count > 20 else { return child }
                bytes[bytes.count - 20] ^= 1
                return Node(child.tag, child.attributes, bytes: bytes)
            })
        return copy
    }
}
