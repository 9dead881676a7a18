import Foundation
import Logging
import SwiftProtobuf
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

extension WebClient {
    func sendToGroup(_ message: Outgoing) async throws -> Node {
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
        // Devices that a business host runs are no members.
        let targets = try await deviceList(of: group.participants.map(\.jid)).filter { $0 != me && !$0.isHosted }
        try await loadAliases(of: targets)
        let hash = ParticipantHash.hash(of: targets + [me])
        // Who has left while we waited must not get the key.
        var isUnchanged: Bool { groups.generation(of: message.chat) == generation }
        let sealed: GroupStanza? = try await withSessions(
            Set(targets.map(lane) + [Self.lane(of: message.chat)]),
            with: {
                guard isUnchanged else { return [] }
                let own = try await ownKey(in: message.chat, for: targets)
                return targets.filter { !own.isHeld(by: lane($0)) }.map(devices.sessionAddress)
            },
            { isUnchanged ? try await groupStanza(message, for: targets) : nil })
        guard var stanza = sealed?.node else { return nil }
        stanza.attributes["addressing_mode"] = group.usesLIDs ? "lid" : "pn"
        stanza.attributes["phash"] = .text(hash)
        let ack = try await deliver(stanza)
        guard ack.text("error") == nil else { return ack }
        if let sealed { await noteGiven(sealed, in: message.chat) }
        if let theirs = ack.text("phash"), theirs != hash {
            logger.info("The list of a group's devices was out of date")
            groups.forget(message.chat)
            devices.forget(group.participants.map(\.jid))
            let members = try await groupInfo(of: message.chat).participants.map(\.jid)
            let missed = Set(try await deviceList(of: members)).subtracting(targets + [me])
            for device in missed where !device.isHosted { try await sendToMissed(device, message) }
        }
        return ack
    }

    /// A stanza for a group, and whom our key is in it for.
    private struct GroupStanza {
        let node: Node
        let keyID: UInt32
        let given: [String]
    }

    /// The server has the message: the key is on its way to all whom it was for.
    private func noteGiven(_ stanza: GroupStanza, in group: JID) async {
        guard !stanza.given.isEmpty else { return }
        await withLanes([Self.lane(of: group)]) {
            guard var own = sessions[ownKey: group.description], own.key.id == stanza.keyID else { return }
            own.unsure.subtract(stanza.given)
            // If it cannot be stored they get the key once more, which harms nobody.
            guard (try? await store.commit([.put(Self.ownKeyName(in: group), own.serialized())], events: [])) != nil
            else { return }
            sessions[ownKey: group.description] = own
        }
    }

    private func lane(_ device: JID) -> String { devices.sessionAddress(of: device).signalAddress }

    private func groupStanza(_ message: Outgoing, for targets: [JID]) async throws -> GroupStanza {
        var own = try await ownKey(in: message.chat, for: targets)
        var changes = [try message.stored(at: serverNow)]
        // Who has no session (no keys, or none that the account vouches for) gets none, and has none.
        let news = targets.filter { target in
            let address = lane(target)
            return !own.isHeld(by: address) && sessions[session: address]?.canEncrypt == true
        }
        if own.key.remaining == 0 || !news.isEmpty {
            own.key = try own.key.remaining == 0 ? own.key.reserving(Self.reservation) : own.key
            own.give(to: news.map(lane))
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
                parts = try await encrypt(sessionsOf.keys.map { ($0, plaintext) }, storing: changes).map { part in
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
        return GroupStanza(node: stanza(message, content), keyID: own.key.id, given: news.map(lane))
    }

    /// Our key in a group, if there is one.
    private func storedKey(in group: JID) async throws -> OwnGroupKey? {
        if let known = sessions[ownKey: group.description] { return known }
        let key = Self.ownKeyName(in: group)
        return try await store.load([key])[key].flatMap { readable("group key", $0, OwnGroupKey.init) }
    }

    /// Our key in a group for these recipients: a new one if somebody has the old one who is not among them,
    /// or if crashes have worn it.
    private func ownKey(in group: JID, for targets: [JID]) async throws -> OwnGroupKey {
        if let own = try await storedKey(in: group), !own.key.isWorn, own.holders.isSubset(of: targets.map(lane)) {
            return own
        }
        return OwnGroupKey(key: OwnSenderKey())
    }

    /// Puts our key of `group`, if there is one, beside the content of a message that is sent again to one device.
    /// - Returns: the key with its new holder; nil if nothing has changed.
    func addDistribution(
        of group: JID, for address: String, to message: inout WAMessage
    ) async throws -> OwnGroupKey? {
        guard var own = try await storedKey(in: group) else { return nil }
        message.senderKeyDistribution.groupID = group.description
        message.senderKeyDistribution.distribution = Data(own.key.distribution)
        guard !own.holders.contains(address), sessions[session: address]?.canEncrypt == true else { return nil }
        own.give(to: [address])
        return own
    }
}
