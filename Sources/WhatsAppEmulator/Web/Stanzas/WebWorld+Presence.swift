import WhatsAppWire

/// Who is online and who is writing; never queued.
extension WebWorld {
    func presence(_ node: Node, from device: EmulatedDevice) {
        let account = device.account
        switch node.text("type") ?? "available" {
        case "subscribe":
            guard let to = try? node.jid("to"), let target = resolve(to) else { return }
            target.subscribers.insert(account.number)
            device.watchesByLID[target.number] = to.isLID
            tell(device, about: target)
        case let kind where kind == "available" || kind == "unavailable":
            guard kind == "unavailable" || node.text("name") != nil else {
                return log.note("REFUSED presence without a name of \(device.phoneNumber)")
            }
            if let name = node.text("name"), !name.isEmpty { account.name = name }
            account.isAvailable = kind == "available"
            for number in account.subscribers {
                for watcher in accounts[number]?.companions ?? [] { tell(watcher, about: account) }
            }
        default: log.note("UNHANDLED presence: \(xml(node))")
        }
    }

    private func tell(_ watcher: EmulatedDevice, about account: EmulatedAccount) {
        var attributes: Node.Attributes = [
            "from": .jid(account.address(lid: watcher.watchesByLID[account.number] ?? true))
        ]
        if !account.isAvailable {
            attributes["type"] = "unavailable"
            attributes["last"] = .number(now)
        }
        deliver(Node("presence", attributes), to: watcher, fleeting: true)
    }

    func chatState(_ node: Node, from device: EmulatedDevice) {
        guard let to = try? node.jid("to"), let state = node.children.first,
            ["composing", "paused"].contains(state.tag)
        else { return log.note("REFUSED chatstate of \(device.phoneNumber): \(xml(node))") }
        var attributes: Node.Attributes = ["from": .jid(device.account.address(lid: to.isLID))]
        var targets = [resolve(to)].compactMap { $0 }
        if let group = groups[to.user], to.isGroup {
            guard group.members[device.account.number] != nil else { return }
            attributes = ["from": .jid(group.jid), "participant": .jid(group.address(of: device.account))]
            targets = group.accounts.filter { $0 !== device.account }
        }
        for target in targets.flatMap(\.companions) {
            deliver(Node("chatstate", attributes, content: node.content), to: target, fleeting: true)
        }
    }
}
