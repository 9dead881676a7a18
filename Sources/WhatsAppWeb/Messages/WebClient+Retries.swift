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
        let code = (error as? SignalError)?.code.description ?? "\(type(of: error))"
        guard let count = retries.next(message.header.id), var credentials = self.credentials,
            let account = credentials.account
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
            state.result.changes.append(.put(StoreKey(.preKey, String(prekey.id)), prekey.stored))
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
    func answerRetry(_ receipt: Node) async throws -> ConnectionVerdict? {
        do { try await sendAgain(receipt) } catch let error as WebError where error.code == .refused {
            logger.warning("A message is not sent again", metadata: ["error": "\(error)"])
        }
        try send(.ack(receipt))
        return nil
    }

    private func sendAgain(_ receipt: Node) async throws {
        let from = try receipt.requiredJID("from")
        let device = try receipt.jid("participant") ?? from
        let id = try receipt.requiredChild("retry").requiredText("id")
        let key = StoreKey(.sentMessage, id)
        try await loadAliases(of: [device])
        let address = devices.sessionAddress(of: device)
        guard retries.next("\(id)/\(address.signalAddress)") != nil,
            let bytes = try await store.load([key])[key], let sent = SentMessage(serialized: bytes)
        else { return }
        // Who has left a group gets neither its message nor our key in it.
        if sent.chat.isGroup, try await groupInfo(of: sent.chat).role(of: device) == nil { return }
        let message = try WAMessage(serializedBytes: sent.message)
        let prepared = PreparedMessage(message)
        try await withLanes([address.signalAddress]) {
            try await load(sessions: [address.signalAddress])
            if let bundle = try PrekeyBundle(retry: receipt) {
                let before = sessions[session: address.signalAddress]
                sessions[session: address.signalAddress] =
                    try cipher().begin(with: bundle, after: before, trusting: nil)
            } else if sessions[session: address.signalAddress]?.canEncrypt != true
                || (receipt.child("retry")?.text("count").flatMap { Int($0) } ?? 1) > 1
            {
                try await beginSessions(with: [address], isFresh: true)
            }
            let isOwn = ownAddresses.contains(address.withoutDevice)
            var outgoing = isOwn && !sent.chat.isGroup ? prepared.deviceSent(to: sent.chat) : message
            if sent.chat.isGroup { try await addDistribution(of: sent.chat, to: &outgoing) }
            let part = try await encrypt([(address, try outgoing.serializedBytes())])[0]
            var attributes: Node.Attributes = ["to": .jid(from), "id": .text(id), "type": .text(prepared.stanzaType)]
            if !sent.chat.isGroup { attributes["device_fanout"] = "false" }
            attributes["participant"] = receipt.attributes["participant"]
            attributes["recipient"] = receipt.attributes["recipient"]
            if let edit = prepared.edit { attributes["edit"] = .text(edit) }
            var enc = part.enc(prepared)
            enc.attributes["count"] = receipt.child("retry")?.attributes["count"] ?? "1"
            var content = [enc]
            if part.kind == .prekey, let account = credentials?.account {
                content.append(Node("device-identity", bytes: account.deviceIdentity))
            }
            try send(Node("message", attributes, content))
        }
    }
}

extension PrekeyBundle {
    /// The keys in a retry receipt; nil if there are none.
    /// - Throws: `WireError` or `SignalError` for keys that are damaged or not signed.
    init?(retry receipt: Node) throws {
        guard let keys = receipt.child("keys") else { return nil }
        try self.init(keys, registration: try receipt.requiredChild("registration").requiredBigEndian())
    }

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

extension Prekey {
    /// The form in the store: both halves, the private one first.
    var stored: [UInt8] { pair.privateKey.exposed() + pair.publicKey.bytes }

    init?(id: UInt32, stored bytes: [UInt8]) {
        guard bytes.count == 64, let publicKey = try? PublicKey(Array(bytes[32...])),
            let pair = try? KeyPair(privateKey: SecretBytes(Array(bytes[..<32])), storedWith: publicKey)
        else { return nil }
        self.init(id: id, pair: pair)
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
