public import Foundation
import Logging
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
public import WhatsAppWire

/// What became of a message that was sent.
public struct SendResult: Sendable, Hashable {
    /// The message's name.
    public var id: String
    /// When the server took it, by its clock.
    public var takenAt: Date
}

extension WebClient {
    /// A new message id, as the official client makes them.
    public func makeMessageID() -> String {
        MessageID.make(
            user: credentials?.account?.phoneNumber.user ?? "",
            seconds: UInt64(max(0, time.now().timeIntervalSince1970)),
            random: SecretBytes.random(count: MessageID.randomByteCount).exposed())
    }

    /// Sends a message to a user or a group.
    /// - Parameters:
    ///   - chat: a phone number, a LID or a group.
    ///   - id: from `makeMessageID`; store it before, so that a repetition after a crash is the same message.
    /// - Throws: `WebError`: `disconnected`, `timedOut` (it may have been taken: try again with the same id),
    ///   `unknownUser`, `refused` with the server's number in `status`, `invalid`.
    @discardableResult
    public func send(_ message: OutgoingMessage, to chat: JID, id: String? = nil) async throws -> SendResult {
        guard credentials?.account != nil else { throw WebError(.notLinked, "no account is linked") }
        let id = id ?? makeMessageID()
        let prepared = try message.prepared(
            for: chat.withoutDevice, at: serverNow, secret: message.secret ?? SecretBytes.random(count: 32).exposed())
        let target = chat.isGroup ? chat.withoutDevice : try await hiddenID(of: chat)
        let outgoing = Outgoing(id: id, chat: target, prepared: prepared)
        let ack = chat.isGroup ? try await sendToGroup(outgoing) : try await sendToUser(outgoing)
        if let status = ack.text("error").flatMap({ Int($0) }) {
            throw WebError(.refused, status: status, "the server refused the message")
        }
        if !chat.isGroup {
            addChore?.yield {
                try await $0.issuePrivacyToken(to: target)
                return nil
            }
        }
        if upkeep.sent() {
            addChore?.yield {
                try await $0.keepUp()
                return nil
            }
        }
        let seconds = ack.text("t").flatMap { Double($0) }
        return SendResult(id: id, takenAt: seconds.map { Date(timeIntervalSince1970: $0) } ?? serverNow)
    }

    /// A message on its way.
    struct Outgoing {
        let id: String
        /// As the stanza names it.
        let chat: JID
        let prepared: PreparedMessage

        func stored(at now: Date) throws -> StoreChange {
            .put(
                StoreKey(.sentMessage, id),
                SentMessage(
                    chat: chat, sentAt: Int64(now.timeIntervalSince1970),
                    message: try prepared.message.serializedBytes()
                ).serialized)
        }
    }

    // MARK: - To a user

    private func sendToUser(_ message: Outgoing) async throws -> Node {
        let targets = try await targets(of: message.chat)
        let ack = try await deliver(try await stanza(message, for: targets, isWhole: true))
        guard let theirs = ack.text("phash"), theirs != participantHash(targets) else { return ack }
        // Somebody has a new device: ask anew, and send to those who were left out.
        logger.info("The list of devices was out of date")
        devices.forget([message.chat] + ownAddresses)
        let missed = Set(try await self.targets(of: message.chat)).subtracting(targets)
        guard !missed.isEmpty else { return ack }
        _ = try await deliver(try await stanza(message, for: Array(missed), isWhole: false))
        return ack
    }

    /// All devices that a message to `user` is encrypted for: theirs and our other ones.
    private func targets(of user: JID) async throws -> [JID] {
        guard let account = credentials?.account else { throw WebError(.notLinked, "no account is linked") }
        let own = account.lid.withoutDevice
        let users = user == own ? [own] : [user, own]
        let list = try await deviceList(of: users).filter { $0 != account.lid }
        guard user == own || list.contains(where: { $0.withoutDevice == user }) else {
            throw WebError(.unknownUser, "the recipient has no device on WhatsApp")
        }
        return list
    }

    private func participantHash(_ targets: [JID]) -> String {
        ParticipantHash.hash(of: targets + (credentials?.account.map { [$0.lid] } ?? []))
    }

    private func stanza(_ message: Outgoing, for targets: [JID], isWhole: Bool) async throws -> Node {
        let plain: [UInt8] = try message.prepared.message.serializedBytes()
        let copy: [UInt8] = try message.prepared.deviceSent(to: message.chat).serializedBytes()
        let own = ownAddresses
        let addresses = targets.map(\.signalAddress)
        let parts = try await withLanes(addresses) {
            try await load(sessions: addresses)
            try await beginSessions(with: targets)
            return try await encrypt(
                targets.map { ($0, own.contains($0.withoutDevice) && message.chat != $0.withoutDevice ? copy : plain) },
                storing: isWhole ? [try message.stored(at: serverNow)] : [])
        }
        guard !parts.isEmpty else { throw WebError(.unknownUser, "no device of the recipient has keys") }
        var content = [participants(parts, message.prepared)]
        if parts.contains(where: { $0.kind == .prekey }), let account = credentials?.account {
            content.append(Node("device-identity", bytes: account.deviceIdentity))
        }
        if let token = try await store.load([.init(.privacyToken, message.chat.description)]).values.first {
            content.append(Node("tctoken", bytes: token))
        }
        return stanza(message, content)
    }

    private func participants(_ parts: [EncryptedPart], _ message: PreparedMessage) -> Node {
        Node("participants", [:], parts.map { Node("to", ["jid": .jid($0.device)], [$0.enc(message)]) })
    }

    private func stanza(_ message: Outgoing, _ content: [Node]) -> Node {
        var attributes: Node.Attributes = [
            "id": .text(message.id), "type": .text(message.prepared.stanzaType), "to": .jid(message.chat),
        ]
        if message.chat.isLID, let number = devices.alias(of: message.chat) {
            attributes["peer_recipient_pn"] = .jid(number)
        }
        if let edit = message.prepared.edit { attributes["edit"] = .text(edit) }
        var content = content
        if let type = message.prepared.pollType { content.append(Node("meta", ["polltype": .text(type)])) }
        return Node("message", attributes, content)
    }

    // MARK: - To a group

    private func sendToGroup(_ message: Outgoing) async throws -> Node {
        for _ in 0..<4 {
            if let ack = try await sendToGroupAsItIs(message) { return ack }
        }
        throw WebError(.timedOut, "the group changes faster than a message can be sent; try again")
    }

    /// - Returns: nil when the group has changed meanwhile, and nothing was sent.
    private func sendToGroupAsItIs(_ message: Outgoing) async throws -> Node? {
        let group = try await groupInfo(of: message.chat)
        let generation = groups.generation(of: message.chat)
        guard let account = credentials?.account else { throw WebError(.notLinked, "no account is linked") }
        let me = group.usesLIDs ? account.lid : account.phoneNumber
        let targets = try await deviceList(of: group.participants.map(\.jid)).filter { $0 != me }
        try await loadAliases(of: targets)
        let hash = ParticipantHash.hash(of: targets + [me])
        let sealed: Node? = try await withLanes(Set(targets.map(lane) + [Self.lane(of: message.chat)])) {
            // Who has left while we waited must not get the key.
            guard groups.generation(of: message.chat) == generation else { return nil }
            return try await groupStanza(message, for: targets)
        }
        guard var stanza = sealed else { return nil }
        stanza.attributes["addressing_mode"] = group.usesLIDs ? "lid" : "pn"
        stanza.attributes["phash"] = .text(hash)
        let ack = try await deliver(stanza)
        if let theirs = ack.text("phash"), theirs != hash {
            // The next message asks anew; who was left out asks for this one.
            logger.info("The list of a group's devices was out of date")
            groups.forget(message.chat)
            devices.forget(group.participants.map(\.jid))
        }
        return ack
    }

    private func lane(_ device: JID) -> String { devices.sessionAddress(of: device).signalAddress }

    private func groupStanza(_ message: Outgoing, for targets: [JID]) async throws -> Node {
        var own = try await ownKey(in: message.chat)
        // Who has the key and is not among the recipients any more must not read on.
        if !own.holders.isSubset(of: targets.map(lane)) { own = OwnGroupKey(key: OwnSenderKey()) }
        var changes = [try message.stored(at: serverNow)]
        let news = targets.filter { !own.holders.contains(lane($0)) }
        if own.key.remaining == 0 || !news.isEmpty {
            own.key = try own.key.remaining == 0 ? own.key.reserving(32) : own.key
            own.holders.formUnion(news.map(lane))
            changes.append(.put(Self.ownKeyName(in: message.chat), own.serialized()))
        }
        let distribution = own.key.distribution
        let sealed = try own.key.encrypt(MessagePadding.add(to: try message.prepared.message.serializedBytes()))
        var parts: [EncryptedPart] = []
        do {
            if !news.isEmpty {
                var carrier = WAMessage()
                carrier.senderKeyDistribution.groupID = message.chat.description
                carrier.senderKeyDistribution.distribution = Data(distribution)
                let plaintext: [UInt8] = try carrier.serializedBytes()
                let sessionsOf = Dictionary(news.map { (devices.sessionAddress(of: $0), $0) }) { one, _ in one }
                let addresses = Array(sessionsOf.keys)
                try await load(sessions: addresses.map(\.signalAddress))
                try await beginSessions(with: addresses)
                parts = try await encrypt(addresses.map { ($0, plaintext) }, storing: changes).map { part in
                    EncryptedPart(device: sessionsOf[part.device] ?? part.device, kind: part.kind, bytes: part.bytes)
                }
            } else {
                try await store.commit(changes, events: [])
            }
        } catch {
            sessions.drop(ownKey: message.chat.description)
            throw error
        }
        own.key = sealed.key
        sessions[ownKey: message.chat.description] = own
        var content: [Node] = []
        if !parts.isEmpty {
            content.append(
                Node(
                    "participants", [:],
                    parts.map { part in
                        Node(
                            "to", ["jid": .jid(part.device)],
                            [Node("enc", ["v": "2", "type": .text(part.kind.rawValue)], bytes: part.bytes)])
                    }))
        }
        if parts.contains(where: { $0.kind == .prekey }), let account = credentials?.account {
            content.append(Node("device-identity", bytes: account.deviceIdentity))
        }
        var attributes: Node.Attributes = ["v": "2", "type": "skmsg"]
        if let type = message.prepared.mediaType { attributes["mediatype"] = .text(type) }
        if message.prepared.hidesFailure { attributes["decrypt-fail"] = "hide" }
        content.append(Node("enc", attributes, bytes: sealed.bytes))
        return stanza(message, content)
    }

    /// Our key in a group, loaded or new.
    private func ownKey(in group: JID) async throws -> OwnGroupKey {
        if let known = sessions[ownKey: group.description] { return known }
        let key = Self.ownKeyName(in: group)
        if let bytes = try await store.load([key])[key] { return try OwnGroupKey(serialized: bytes) }
        return OwnGroupKey(key: OwnSenderKey())
    }

    /// Puts our key of `group` beside the content of a message that is sent again to one device.
    func addDistribution(of group: JID, to message: inout WAMessage) async throws {
        message.senderKeyDistribution.groupID = group.description
        message.senderKeyDistribution.distribution = Data(try await ownKey(in: group).key.distribution)
    }
}
