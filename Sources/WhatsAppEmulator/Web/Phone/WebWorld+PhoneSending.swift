import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

/// What phones send.
extension WebWorld {
    /// Sends a message as the phone of `account` does.
    /// - Returns: its id.
    func phoneSends(
        _ message: WAMessage, of account: EmulatedAccount, to address: JID, type: String = "text",
        mediaType: String? = nil
    ) throws -> String {
        let phone = phone(of: account)
        let before = phone.sessions
        let id = "3A" + HexadecimalText.text(SecretBytes.random(count: 9).exposed()).uppercased()
        var extra: Node.Attributes = ["v": "2"]
        extra["mediatype"] = mediaType.map { .text($0) }
        let chat: JID
        let children: [Node]
        if address.isGroup {
            chat = address
            children = try groupParts(message, chat, extra, phone)
        } else {
            guard let peer = resolve(address) else { throw StanzaRefusal.notFound("no such account: \(address)") }
            chat = peer.lid
            let own = Self.deviceSent(message, to: chat)
            let owners = peer === account ? [account] : [peer, account]
            let targets = owners.flatMap(\.allDevices).filter {
                $0 !== phone.device && ($0.isConfirmed || $0.number == 0)
            }
            children = [
                Node(
                    "participants",
                    try targets.map { try part($0.account === account ? own : message, for: $0, extra, phone) })
            ]
        }
        if phone.forgets > 0 {
            phone.forgets -= 1
            phone.sessions = before
        }
        phone.sent[id] = .init(chat: chat, message: message)
        remember(message, id: id, chat: chat, sender: account, time: now, phone)
        let stanza = Node("message", ["id": .text(id), "to": .jid(chat), "type": .text(type)], children)
        if let refusal = self.message(stanza, from: phone.device) { throw refusal }
        runPhones()
        return id
    }

    private func groupParts(
        _ message: WAMessage, _ chat: JID, _ extra: Node.Attributes, _ phone: EmulatedPhone
    ) throws -> [Node] {
        guard let group = groups[chat.user] else { throw StanzaRefusal.notFound("no such group") }
        var distribution = WAMessage()
        distribution.senderKeyDistribution = Self.distribution(try phone.ownSenderKey(in: chat), in: chat)
        let targets = group.devices.filter { $0 !== phone.device && ($0.isConfirmed || $0.number == 0) }
        let copies = try targets.map { try part(distribution, for: $0, ["v": "2"], phone) }
        var attributes = extra
        attributes["type"] = "skmsg"
        let sealed = try phone.encryptGroup(Self.plaintext(message), group: chat)
        return [Node("participants", copies), Node("enc", attributes, bytes: sealed)]
    }

    private func part(
        _ message: WAMessage, for target: EmulatedDevice, _ extra: Node.Attributes, _ phone: EmulatedPhone
    ) throws -> Node {
        let sealed = try phone.encrypt(Self.plaintext(message), for: target, takingPrekeysOf: self)
        var attributes = extra
        attributes["type"] = .text(sealed.kind)
        return Node("to", ["jid": .jid(target.lid)], [Node("enc", attributes, bytes: sealed.bytes)])
    }

    /// Sends a message between own devices to one companion.
    func phoneSendsPeer(_ message: WAMessage, from phone: EmulatedPhone, to device: EmulatedDevice) {
        do {
            let sealed = try phone.encrypt(Self.plaintext(message), for: device, takingPrekeysOf: self)
            let id = "3A" + HexadecimalText.text(SecretBytes.random(count: 9).exposed()).uppercased()
            phone.sent[id] = .init(chat: device.phoneNumber, message: message)
            self.message(
                Node(
                    "message",
                    ["id": .text(id), "to": .jid(device.phoneNumber), "type": "text", "category": "peer"],
                    [Node("enc", ["v": "2", "type": .text(sealed.kind)], bytes: sealed.bytes)]), from: phone.device)
        } catch {
            log.note("phone \(phone.account.number) could not write to \(device.phoneNumber): \(error)")
        }
    }

    /// Marks a message as read.
    func phoneReads(_ id: String, in chat: JID, participant: JID?, of account: EmulatedAccount, type: String) {
        receipt(
            Node(
                "receipt",
                [
                    "id": .text(id), "to": .jid(chat), "type": .text(type),
                    "participant": .jid(ifPresent: participant), "t": .number(now),
                ]), from: phone(of: account).device)
    }

    static func plaintext(_ message: WAMessage) -> [UInt8] { [UInt8](serialized(message)) }

    static func deviceSent(_ message: WAMessage, to chat: JID) -> WAMessage {
        var copy = WAMessage()
        copy.deviceSent.destinationJid = chat.description
        copy.deviceSent.message = message
        return copy
    }

    static func distribution(_ key: OwnSenderKey, in group: JID) -> WAGroupSenderKey {
        var part = WAGroupSenderKey()
        part.groupID = group.description
        part.distribution = Data(key.distribution)
        return part
    }
}
