import WhatsAppWire

/// Lists of devices: who is told of changes, and what is asked.
extension WebWorld {
    /// Tells everybody else, and the account's own devices, that a device came or went.
    func announce(_ device: EmulatedDevice, as change: String) {
        let account = device.account
        let hashes: Node.Attributes = [
            "device_hash": .text(ParticipantHash.hash(of: account.allDevices.map(\.phoneNumber))),
            "device_lid_hash": .text(ParticipantHash.hash(of: account.allDevices.map(\.lid))),
        ]
        let list = phone(of: account).keyIndexList(at: now)
        let children = [
            Node(
                "device",
                [
                    "jid": .jid(device.phoneNumber), "lid": .jid(device.lid), "key-index": .number(device.keyIndex),
                ]),
            Node(
                "key-index-list", ["ts": .number(now)],
                content: change == "add" ? .bytes(list) : .empty),
        ]
        for other in contacts(of: account) {
            for target in other.companions {
                let attributes: Node.Attributes = [
                    "from": .jid(account.phoneNumber), "lid": .jid(account.lid), "type": "devices",
                    "t": .number(now), "id": .text(Identifiers.stanza()),
                ]
                deliver(Node("notification", attributes, [Node(change, hashes, children)]), to: target)
            }
        }
        let listing = account.allDevices.map { other in
            Node(
                "device",
                [
                    "jid": .jid(other.phoneNumber),
                    "key-index": other.keyIndex == 0 ? nil : .number(other.keyIndex),
                ])
        }
        for target in account.companions where target !== device && target.isConfirmed {
            deliver(
                Node(
                    "notification",
                    [
                        "from": .jid(account.phoneNumber), "type": "account_sync",
                        "id": .text(Identifiers.stanza()), "t": .number(now),
                    ], [Node("devices", ["dhash": hashes["device_hash"]], listing)]), to: target)
        }
    }

    /// The phone unlinks a companion.
    func unlink(_ device: EmulatedDevice) {
        device.account.remove(device)
        if let link = device.link {
            end(
                link,
                with: Node("stream:error", ["code": "401"], [Node("conflict", ["type": "device_removed"])]))
        }
        announce(device, as: "remove")
    }

    /// `<devices>` of an account, as usync gives it.
    func deviceList(of account: EmulatedAccount) -> Node {
        let listing = account.allDevices.map { device in
            Node(
                "device",
                ["id": .number(device.number), "key-index": device.keyIndex == 0 ? nil : .number(device.keyIndex)])
        }
        let phone = phone(of: account)
        let signed = Node("key-index-list", ["ts": .number(now)], bytes: phone.keyIndexList(at: now))
        return Node("devices", [Node("device-list", listing)] + (phone.listFault == .absent ? [] : [signed]))
    }
}
