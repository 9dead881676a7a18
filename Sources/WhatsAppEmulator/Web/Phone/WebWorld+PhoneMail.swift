import Foundation
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

/// What phones do with what comes to them.
extension WebWorld {
    private static let longestInbox = 20_000

    /// The phone of an account, made when it is first needed.
    func phone(of account: EmulatedAccount) -> EmulatedPhone {
        if let phone = phones[account.number] { return phone }
        let phone = EmulatedPhone(of: account)
        phones[account.number] = phone
        return phone
    }

    /// Lets every phone look at its mail, until none has any.
    func runPhones() {
        var rounds = 0
        while rounds < 100 {
            let waiting = phones.values.filter { !$0.mail.isEmpty }
            guard !waiting.isEmpty else { return }
            for phone in waiting {
                let mail = phone.mail
                phone.mail = []
                for node in mail { read(node, phone) }
            }
            rounds += 1
        }
        log.note("phones wrote to one another without end")
    }

    private func read(_ node: Node, _ phone: EmulatedPhone) {
        switch node.tag {
        case "message": readMessage(node, phone)
        case "receipt" where node.text("type") == "retry": answerRetry(node, phone)
        default: break
        }
    }

    /// Sessions are kept by LID, whichever way the peer was addressed.
    private func lid(of jid: JID) -> JID { resolve(jid).map { $0.lid.with(device: jid.device) } ?? jid }

    private func readMessage(_ node: Node, _ phone: EmulatedPhone) {
        guard let source = try? node.jid("from") else { return }
        let sender = (try? node.jid("participant")) ?? source
        let address = lid(of: sender).signalAddress
        for part in node.children("enc") {
            let kind = part.text("type") ?? ""
            do {
                let bytes = part.bytes ?? []
                let plaintext =
                    kind == "skmsg"
                    ? try phone.decryptGroup(bytes, group: source, from: address)
                    : try phone.decrypt(bytes, kind: kind, from: address)
                try keep(try WAMessage(serializedBytes: plaintext), node, kind, from: sender, in: source, phone)
            } catch {
                reading.noteUnreadable()
                let reason = (error as? StanzaRefusal)?.reason ?? "\(error)"
                log.note(
                    "phone \(phone.account.number) could NOT decrypt \(kind) \(node.text("id") ?? "") from \(sender): "
                        + reason)
                return askAgain(node, phone)
            }
        }
        var receiptNode = Node(
            "receipt",
            ["id": node.attributes["id"], "to": .jid(source), "participant": node.attributes["participant"]])
        if resolve(sender) === phone.account {
            receiptNode.attributes["type"] = node.text("category") == "peer" ? "peer_msg" : "sender"
            receiptNode.attributes["recipient"] = node.attributes["recipient"]
        }
        receipt(receiptNode, from: phone.device)
    }

    private func keep(
        _ message: WAMessage, _ node: Node, _ kind: String, from sender: JID, in source: JID, _ phone: EmulatedPhone
    ) throws {
        if message.hasSenderKeyDistribution {
            let part = message.senderKeyDistribution
            try phone.learn(
                [UInt8](part.distribution), group: part.groupID, from: lid(of: sender).signalAddress)
        }
        let chat = ((try? node.jid("recipient")) ?? source).withoutDevice
        let id = node.text("id") ?? ""
        let time = (try? node.number("t", as: Int.self)) ?? now
        let entry = EmulatedPhone.InboxEntry(
            id: id, time: time, chat: chat, sender: sender, kind: kind, message: message)
        phone.inbox.append(entry)
        reading.note(entry, of: phone, isOwn: resolve(sender) === phone.account)
        if phone.inbox.count > Self.longestInbox { phone.inbox.removeFirst(Self.longestInbox / 2) }
        if !options.isLean { log.note("phone \(phone.account.number) decrypted \(kind) \(id) from \(sender)") }
        let content = message.hasDeviceSent ? message.deviceSent.message : message
        if content.hasProtocolMessage, content.protocolMessage.kind == .appStateSyncKeyRequest {
            if let device = device(sender), device.account === phone.account { shareKey(phone, with: device) }
        } else if kind == "skmsg" || !message.hasSenderKeyDistribution, let account = resolve(sender),
            !content.hasProtocolMessage
        {
            remember(content, id: id, chat: chat, sender: account, time: time, phone)
        }
    }

    func remember(
        _ message: WAMessage, id: String, chat: JID, sender: EmulatedAccount, time: Int, _ phone: EmulatedPhone
    ) {
        guard !options.isLean else { return }
        let isOwn = sender === phone.account
        let participant: JID? = isOwn || !chat.isGroup ? nil : groups[chat.user]?.address(of: sender)
        phone.history.append(
            .init(
                chat: chat, isOwn: isOwn, id: id, participant: participant, message: message, time: time,
                name: sender.name))
    }

    // MARK: - Retries

    /// A retry receipt with keys, so that the sender can begin anew.
    private func askAgain(_ node: Node, _ phone: EmulatedPhone) {
        let prekey = phone.freshPrekey()
        let keys = [
            Node("type", bytes: [PublicKey.type]), Node("identity", bytes: phone.identity.publicKey.bytes),
            Node(
                "key",
                [
                    Node("id", bytes: Self.bytes(prekey.id, count: 3)),
                    Node("value", bytes: prekey.pair.publicKey.bytes),
                ]),
            Self.node(of: phone.device.signedKey),
        ]
        let attributes: Node.Attributes = [
            "id": node.attributes["id"], "to": node.attributes["from"], "type": "retry",
            "participant": node.attributes["participant"], "recipient": node.attributes["recipient"],
        ]
        let retry: Node.Attributes = [
            "count": "1", "id": node.attributes["id"], "t": node.attributes["t"], "v": "1",
        ]
        receipt(
            Node(
                "receipt", attributes,
                [
                    Node("retry", retry), Node("registration", bytes: Self.bytes(phone.registrationID, count: 4)),
                    Node("keys", keys),
                ]), from: phone.device)
    }

    private func answerRetry(_ node: Node, _ phone: EmulatedPhone) {
        let reader = (try? node.jid("participant")) ?? (try? node.jid("from"))
        guard let retry = node.child("retry"), let id = retry.text("id"), let entry = phone.sent[id], let reader,
            let target = device(reader)
        else { return }
        do {
            let count = try retry.number("count", as: Int.self) ?? 1
            if node.child("keys") != nil || count > 1 {
                try phone.begin(with: target, self)
            }
            var message = entry.message
            if entry.chat.isGroup {
                message.senderKeyDistribution = Self.distribution(
                    try phone.ownSenderKey(in: entry.chat), in: entry.chat)
            } else if target.account === phone.account {
                message = Self.deviceSent(message, to: entry.chat)
            }
            let sealed = try phone.encrypt(Self.plaintext(message), for: target, takingPrekeysOf: self)
            let enc = Node(
                "enc", ["v": "2", "type": .text(sealed.kind), "count": retry.attributes["count"]], bytes: sealed.bytes)
            let attributes: Node.Attributes = [
                "to": node.attributes["from"], "id": .text(id), "type": "text",
                "participant": node.attributes["participant"], "recipient": node.attributes["recipient"],
            ]
            self.message(Node("message", attributes, [enc]), from: phone.device)
        } catch {
            log.note("phone \(phone.account.number) could not answer the retry of \(id): \(error)")
        }
    }
}
