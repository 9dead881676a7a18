import Crypto
import Foundation
import WhatsAppKeys
import WhatsAppWire

/// The small requests: pings, privacy, blocklist, properties, log out.
extension WebWorld {
    func service(_ space: String, _ node: Node, _ child: Node, from device: EmulatedDevice) throws -> [Node] {
        switch (space, child.tag) {
        case ("w:p", _), ("w:stats", _), ("urn:xmpp:whatsapp:dirty", _), ("disappearing_mode", _), ("tos", _),
            ("urn:xmpp:whatsapp:push", _), ("urn:xmpp:whatsapp:account", _), ("fb:thrift_iq", _):
            return []
        case ("md", "remove-companion-device"): return try logOut(child, device)
        case ("abt", "props"), ("w", "props"):
            return [
                Node(
                    "props",
                    ["protocol": child.attributes["protocol"], "ab_key": "0", "hash": "emulator", "refresh": "86400"])
            ]
        case ("privacy", "privacy"): return privacy(child, device)
        case ("privacy", "tokens"): return try issueTokens(child, device)
        case ("blocklist", _): return try blocklist(node, device)
        case ("status", "status"):
            device.account.about = child.text ?? ""
            return []
        case ("w:mex", _): return [Node("result", utf8: #"{"data":{}}"#)]
        case ("w:biz", _): return [Node("business_profile", ["v": child.attributes["v"]])]
        case ("bot", _): return [Node("bot", ["v": "2"])]
        default: throw StanzaRefusal.unknown("there is no \(space) \(child.tag)")
        }
    }

    private func logOut(_ child: Node, _ device: EmulatedDevice) throws -> [Node] {
        guard let target = self.device(try child.requiredJID("jid")), target.account === device.account,
            target.number > 0
        else { throw StanzaRefusal.notFound("no such companion of the account") }
        guard child.text("reason") != nil else { throw StanzaRefusal.badRequest("a log out has no reason") }
        afterAnswer.append(.unlink(target))
        return []
    }

    private func privacy(_ child: Node, _ device: EmulatedDevice) -> [Node] {
        for category in child.children("category") {
            if let name = category.text("name"), let value = category.text("value") {
                device.account.privacy[name] = value
            }
        }
        let categories = device.account.privacy.sorted { $0.key < $1.key }.map { name, value in
            Node("category", ["name": .text(name), "value": .text(value)])
        }
        return [Node("privacy", categories)]
    }

    /// A token lets its holder write to who issued it; the server tells the holder.
    private func issueTokens(_ child: Node, _ device: EmulatedDevice) throws -> [Node] {
        for token in child.children("token") {
            guard let holder = resolve(try token.requiredJID("jid")), holder !== device.account else { continue }
            let key = "\(device.account.number) \(holder.number)"
            let value = privacyTokens[key] ?? SecretBytes.random(count: 16).exposed()
            privacyTokens[key] = value
            let issued = Node("token", ["type": "trusted_contact", "t": token.attributes["t"]], bytes: value)
            for target in holder.companions {
                deliver(
                    Node(
                        "notification",
                        [
                            "from": .jid(device.account.phoneNumber), "sender_lid": .jid(device.account.lid),
                            "type": "privacy_token", "t": .number(now), "id": .text(Identifiers.stanza()),
                        ], [Node("tokens", [issued])]), to: target)
            }
        }
        return []
    }

    private func blocklist(_ node: Node, _ device: EmulatedDevice) throws -> [Node] {
        let account = device.account
        for item in node.children("item") + (node.child("list")?.children("item") ?? []) {
            let jid = try item.requiredJID("jid")
            if item.text("action") == "block" {
                account.blocklist.insert(jid)
            } else {
                account.blocklist.remove(jid)
            }
        }
        let blocked = account.blocklist.sorted { $0.description < $1.description }
        let digest = SHA256.hash(data: Array(blocked.map(\.description).joined().utf8)).prefix(8)
        return [
            Node(
                "list", ["dhash": .text(Data(digest).base64EncodedString()), "addressing_mode": "lid"],
                blocked.map { Node("item", ["jid": .jid($0)]) })
        ]
    }
}
