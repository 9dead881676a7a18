import Crypto
import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppWire

/// Prekeys: count, upload, fetch, rotation.
extension WebWorld {
    func prekeys(_ node: Node, _ child: Node, from device: EmulatedDevice) throws -> [Node] {
        switch child.tag {
        case "count": return [Node("count", ["value": .number(device.prekeyCount)])]
        case "key": return [try fetch(child, for: device)]
        case "digest": return [digest(of: device)]
        case "rotate":
            device.signedKey = try signedKey(child.requiredChild("skey"), of: device.identity)
            return []
        default:
            try upload(node, by: device)
            return []
        }
    }

    private func upload(_ node: Node, by device: EmulatedDevice) throws {
        let registration = try node.requiredChild("registration").requiredBytes(count: 4)
        guard try node.requiredChild("type").requiredBytes() == [PublicKey.type] else {
            throw StanzaRefusal.notAcceptable("the key type is not 5")
        }
        guard try node.requiredChild("identity").requiredBytes(count: 32) == device.identity.bytes else {
            throw StanzaRefusal.notAcceptable("the identity is not the one that was linked")
        }
        let signed = try signedKey(node.requiredChild("skey"), of: device.identity)
        let keys = try node.requiredChild("list").children.map { key in
            (
                id: try key.requiredChild("id").requiredBytes(count: 3),
                key: try key.requiredChild("value").requiredBytes(count: 32)
            )
        }
        guard !keys.isEmpty else { throw StanzaRefusal.notAcceptable("no one-time prekeys were uploaded") }
        device.registrationID = Self.number(registration)
        device.signedKey = signed
        for key in keys where !device.addPrekey(id: Self.number(key.id), key: key.key) {
            log.note("REUSED prekey id \(Self.number(key.id)) by \(device.phoneNumber)")
        }
        log.note("\(device.phoneNumber) now has \(device.prekeyCount) one-time prekeys")
    }

    private func signedKey(_ node: Node, of identity: PublicKey) throws -> EmulatedDevice.SignedKey {
        let id = try node.requiredChild("id").requiredBytes(count: 3)
        let key = try node.requiredChild("value").requiredBytes(count: 32)
        let signature = try node.requiredChild("signature").requiredBytes(count: 64)
        guard XEdDSA.isValid(signature, over: [PublicKey.type] + key, by: identity) else {
            throw StanzaRefusal.notAcceptable("the signed prekey is not signed by the identity")
        }
        return .init(id: Self.number(id), key: key, signature: signature)
    }

    private func fetch(_ child: Node, for device: EmulatedDevice) throws -> Node {
        let users = try child.children("user").map { request in
            let jid = try request.requiredJID("jid")
            guard let target = self.device(jid), !target.faults.hidesKeys else {
                return Node(
                    "user", ["jid": .jid(jid)], [Node("error", ["code": "404", "text": "item-not-found"])])
            }
            return Node(
                "user", ["jid": .jid(jid), "t": .number(now)],
                bundle(of: target, isOwn: target.account === device.account))
        }
        guard !users.isEmpty else { throw StanzaRefusal.badRequest("nobody's prekeys were asked for") }
        return Node("list", users)
    }

    /// What a session with the device is begun with; takes a one-time prekey.
    func bundle(of target: EmulatedDevice, isOwn: Bool) -> [Node] {
        if target.number == 0 { phone(of: target.account).replenish() }
        var nodes = [
            Node("registration", bytes: Self.bytes(target.registrationID, count: 4)),
            Node("type", bytes: [PublicKey.type]),
            Node("identity", bytes: target.identity.bytes),
            Self.node(of: target.signedKey),
        ]
        if let key = target.takePrekey() {
            nodes.append(
                Node("key", [Node("id", bytes: Self.bytes(key.id, count: 3)), Node("value", bytes: key.key)]))
        }
        if !target.signedIdentity.isEmpty {
            // Others are not given the account's key: it is the identity of the account's device 0.
            let identity = isOwn ? target.signedIdentity : Self.withoutAccountKey(target.signedIdentity)
            nodes.append(Node("device-identity", bytes: identity))
        }
        if target.number > 0, target.prekeyCount < 5 {
            deliver(
                Node(
                    "notification",
                    [
                        "from": .jid(.whatsApp), "id": .text(Identifiers.stanza()), "type": "encrypt",
                        "t": .number(now),
                    ], [Node("count", ["value": .number(target.prekeyCount)])]), to: target)
        }
        return nodes
    }

    private static func withoutAccountKey(_ identity: [UInt8]) -> [UInt8] {
        guard var message = try? WASignedDeviceIdentity(serializedBytes: identity) else { return identity }
        message.clearAccountSignatureKey()
        return [UInt8](serialized(message))
    }

    static func node(of key: EmulatedDevice.SignedKey) -> Node {
        Node(
            "skey",
            [
                Node("id", bytes: bytes(key.id, count: 3)), Node("value", bytes: key.key),
                Node("signature", bytes: key.signature),
            ])
    }

    /// The keys as the server has them, with a hash that the client compares.
    private func digest(of device: EmulatedDevice) -> Node {
        var hash = Insecure.SHA1()
        hash.update(data: device.identity.bytes + device.signedKey.key + device.signedKey.signature)
        for key in device.remainingPrekeys { hash.update(data: key.key) }
        return Node(
            "digest",
            [
                Node("registration", bytes: Self.bytes(device.registrationID, count: 4)),
                Node("type", bytes: [PublicKey.type]), Node("identity", bytes: device.identity.bytes),
                Self.node(of: device.signedKey),
                Node("list", device.remainingPrekeys.map { Node("id", bytes: Self.bytes($0.id, count: 3)) }),
                Node("hash", bytes: Array(hash.finalize())),
            ])
    }
}
