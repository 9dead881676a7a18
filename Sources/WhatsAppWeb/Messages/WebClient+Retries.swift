import Foundation
import Logging
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    // MARK: - Asking

    /// Asks the sender for a message that cannot be read, with fresh keys so that a new session can begin.
    func askAgain(for message: IncomingMessage, because error: any Error, _ state: inout ReadingState) {
        let code =
            (error as? SignalError)?.code.description ?? (error as? WebError)?.code.description
            ?? "\(type(of: error))"
        // One of its repetitions was sound.
        guard !isAnswered(message, state) else { return state.result.answers.append(receipt(for: message)) }
        // The numbers of prekeys have 24 bits.
        guard let count = retries.next(message.name), var credentials = self.credentials,
            let account = credentials.account, credentials.nextPrekeyID < 1 << 24
        else {
            logger.error("A message cannot be read", metadata: ["reason": "\(code)"])
            state.result.events.append(
                .unreadable(UnreadableMessage(header: message.header, reason: .undecryptable)))
            return state.result.answers.append(.ack(message.node, error: 500))
        }
        logger.warning("A message is asked for again", metadata: ["reason": "\(code)", "try": "\(count)"])
        var attributes: Node.Attributes = ["id": .text(message.header.id), "type": "retry"]
        attributes["to"] = message.node.attributes["from"]
        for name in ["participant", "recipient"] { attributes[name] = message.node.attributes[name] }
        if message.isPeer { attributes["category"] = "peer" }
        var content = [
            Node(
                "retry",
                [
                    "count": .number(count), "id": .text(message.header.id),
                    "t": .text(ifPresent: message.node.text("t")), "v": "1",
                ]),
            Node("registration", bytes: [UInt8](credentials.registrationID.bigEndianData)),
        ]
        // A fresh key of its own that the server never hands out; it counts as used up when it is.
        let prekey = Prekey(id: credentials.nextPrekeyID, pair: .random())
        credentials.nextPrekeyID += 1
        if let stored = try? credentials.encoded() {
            self.credentials = credentials
            state.result.changes.append(.put(Credentials.key, stored))
            state.result.changes.append(
                .put(StoreKey(.preKey, String(prekey.id)), RetryPrekey.stored(prekey, madeAt: serverNow)))
            if upkeep.madeRetryPrekey() {
                state.result.chores.append {
                    try await $0.pruneRetryPrekeys()
                    return nil
                }
            }
            let signed = credentials.signedPrekey
            content.append(
                Node(
                    "keys", [:],
                    [
                        Node("type", bytes: [5]),
                        Node("identity", bytes: credentials.identity.publicKey.bytes),
                        .prekey(prekey.id, prekey.pair.publicKey),
                        .signedPrekey(signed),
                        Node("device-identity", bytes: account.deviceIdentity),
                    ]))
        }
        state.result.answers.append(Node("receipt", attributes, content))
        state.result.answers.append(.ack(message.node))
    }

    // MARK: - Being asked

    /// A device could not read what we sent: begin a new session if it gave us keys, and send it again to it alone.
    ///
    /// It is acknowledged unless it is worth another try, on the next connection.
    func answerRetry(_ receipt: Node) async throws -> ConnectionVerdict? {
        do {
            try await sendAgain(receipt)
        } catch let error as WebError where ![.disconnected, .timedOut, .store].contains(error.code) {
            logger.warning("A message is not sent again", metadata: ["error": "\(error)"])
        } catch let error as WireError {
            logger.warning("A request for a message is damaged", metadata: ["error": "\(error.code)"])
        } catch let error as SignalError {
            logger.warning("A message is not sent again", metadata: ["error": "\(error.code)"])
        }
        try send(.ack(receipt))
        return nil
    }

    private func sendAgain(_ receipt: Node) async throws {
        let from = try receipt.requiredJID("from")
        let device = try receipt.jid("participant") ?? from
        let id = try receipt.requiredChild("retry").requiredText("id")
        let offer = try OfferedKeys(receipt)
        let count = receipt.child("retry")?.text("count").flatMap { Int($0) } ?? 1
        let key = StoreKey(.sentMessage, id)
        guard let bytes = try await store.load([key])[key], let sent = SentMessage(serialized: bytes) else { return }
        try await loadAliases(of: [device, sent.chat])
        guard try await isAddressee(device, of: sent.chat, in: from) else {
            return logger.warning("Somebody asked for a message that was not for them")
        }
        let again = Repetition(
            id: id, to: from, device: device, chat: sent.chat, message: try WAMessage(serializedBytes: sent.message),
            participant: receipt.attributes["participant"], recipient: receipt.attributes["recipient"],
            count: .number(max(1, count)))
        let name = "\(id)/\(devices.sessionAddress(of: device).signalAddress)"
        guard retries.next(name) != nil else { return }
        do {
            let bundle = try await checked(offer, of: devices.sessionAddress(of: device))
            // Keys that prove nothing are replaced by those that the server has.
            let isFresh = bundle == nil && (count > 1 || offer != nil)
            try send(try await stanza(again, bundle: bundle, isFresh: isFresh))
            retries.send(name, id: id)
        } catch {
            retries.takeBack(name)
            throw error
        }
    }

    /// Whether a message in `chat` was for this device; an id alone gives nobody a right to it.
    private func isAddressee(_ device: JID, of chat: JID, in from: JID) async throws -> Bool {
        let address = devices.sessionAddress(of: device)
        let user = address.withoutDevice
        // Who has left a group gets neither its message nor our key in it.
        if chat.isGroup {
            guard from.withoutDevice == chat, try await groupInfo(of: chat).role(of: device) != nil else {
                return false
            }
        } else {
            guard user == devices.sessionAddress(of: chat).withoutDevice || ownAddresses.contains(user) else {
                return false
            }
        }
        // A companion must be one that its account vouches for still.
        guard device.device != 0 else { return true }
        if try await deviceList(of: [user]).contains(address) { return true }
        return try await deviceList(of: [user], isFresh: true).contains(address)
    }

    /// A message that goes to one device alone.
    private struct Repetition {
        let id: String
        /// The device, or the group.
        let to: JID
        let device: JID
        let chat: JID
        let message: WAMessage
        let participant: Node.Value?
        let recipient: Node.Value?
        let count: Node.Value
    }

    private func stanza(_ again: Repetition, bundle: PrekeyBundle?, isFresh: Bool) async throws -> Node {
        let address = devices.sessionAddress(of: again.device)
        let prepared = PreparedMessage(again.message)
        // The group's lane, too: its key must not be another one when it is read.
        let lanes = again.chat.isGroup ? [address.signalAddress, Self.lane(of: again.chat)] : [address.signalAddress]
        let parts = try await withSessions(
            Set(lanes), with: { bundle == nil ? [address] : [] }, isFresh: isFresh
        ) {
            if let bundle {
                try await load(sessions: [address.signalAddress])
                let before = sessions[session: address.signalAddress]
                sessions[session: address.signalAddress] =
                    try cipher().begin(with: bundle, after: before, trusting: nil)
            }
            let isOwn = ownAddresses.contains(address.withoutDevice)
            var outgoing = isOwn && !again.chat.isGroup ? prepared.deviceSent(to: again.chat) : again.message
            let own =
                again.chat.isGroup
                ? try await addDistribution(of: again.chat, for: address.signalAddress, to: &outgoing) : nil
            let changes = own.map { [StoreChange.put(Self.ownKeyName(in: again.chat), $0.serialized())] } ?? []
            let parts = try await encrypt([(address, try outgoing.serializedBytes())], storing: changes)
            if let own { sessions[ownKey: again.chat.description] = own }
            return parts
        }
        guard let part = parts.first else { throw WebError(.unknownUser, "the device has no keys") }
        var attributes: Node.Attributes = [
            "to": .jid(again.to), "id": .text(again.id), "type": .text(prepared.stanzaType),
        ]
        if !again.chat.isGroup { attributes["device_fanout"] = "false" }
        attributes["participant"] = again.participant
        attributes["recipient"] = again.recipient
        if let edit = prepared.edit { attributes["edit"] = .text(edit) }
        var enc = part.enc(prepared)
        enc.attributes["count"] = again.count
        var content = [enc]
        if part.kind == .prekey, let account = credentials?.account {
            content.append(Node("device-identity", bytes: account.deviceIdentity))
        }
        return Node("message", attributes, content)
    }

    /// Sends a message to a device that the list lacked when it was sent, as if the device had asked for it.
    func sendToMissed(_ device: JID, _ message: Outgoing) async throws {
        let isOwn = ownAddresses.contains(device.withoutDevice)
        let again = Repetition(
            id: message.id, to: message.chat.isGroup ? message.chat : device, device: device, chat: message.chat,
            message: message.prepared.message, participant: message.chat.isGroup ? .jid(device) : nil,
            recipient: isOwn && !message.chat.isGroup ? .jid(message.chat) : nil, count: "1")
        do { try send(try await stanza(again, bundle: nil, isFresh: false)) } catch let error as WebError
            where error.code == .unknownUser
        {
            logger.warning("A new device has no keys yet", metadata: ["error": "\(error)"])
        }
    }
}

extension PrekeyBundle {
    /// The keys of a device as the server or the device gives them.
    init(_ node: Node, registration: UInt32) throws {
        let signed = try node.requiredChild("skey")
        let prekey = try node.child("key").map { key in
            OneTimeKey(
                id: try key.requiredChild("id").requiredBigEndian(),
                key: try PublicKey(try key.requiredChild("value").requiredBytes()))
        }
        try self.init(
            registrationID: registration,
            identity: try PublicKey(try node.requiredChild("identity").requiredBytes()),
            signedPrekeyID: try signed.requiredChild("id").requiredBigEndian(),
            signedPrekey: try PublicKey(try signed.requiredChild("value").requiredBytes()),
            signature: try signed.requiredChild("signature").requiredBytes(count: 64), prekey: prekey)
    }
}

extension Node {
    /// A signed prekey as servers and devices take it.
    static func signedPrekey(_ key: Credentials.SignedPrekey) -> Node {
        var node = Node.prekey(key.id, key.keys.publicKey)
        node.tag = "skey"
        node.content = .nodes(node.children + [Node("signature", bytes: key.signature)])
        return node
    }
}
