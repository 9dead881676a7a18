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
            if Self.refusalsOfDevices.contains(status) { forgetDevices(of: target) }
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
        return SendResult(id: id, takenAt: ack.date("t") ?? serverNow)
    }

    /// What the server says to a message that is addressed wrongly, or to devices that are not the right ones.
    private static let refusalsOfDevices: Set<Int> = [420, 421, 479]

    /// Forgets what a message to `chat` was addressed by: for the next one it is asked anew.
    private func forgetDevices(of chat: JID) {
        let members = groups[chat]?.participants.map(\.jid) ?? []
        devices.forget([chat] + members + ownAddresses)
        if chat.isGroup { groups.forget(chat) }
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
        let ack = try await deliver(try await stanza(message, for: targets))
        guard let theirs = ack.text("phash"), theirs != participantHash(targets) else { return ack }
        // Somebody has a new device: ask anew, and send to those who were left out.
        logger.info("The list of devices was out of date")
        devices.forget([message.chat] + ownAddresses)
        let missed = Set(try await self.targets(of: message.chat)).subtracting(targets)
        for device in missed { try await sendToMissed(device, message) }
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

    private func stanza(_ message: Outgoing, for targets: [JID]) async throws -> Node {
        let plain: [UInt8] = try message.prepared.message.serializedBytes()
        let copy: [UInt8] = try message.prepared.deviceSent(to: message.chat).serializedBytes()
        let own = ownAddresses
        let addresses = targets.map(\.signalAddress)
        let parts = try await withSessions(Set(addresses), with: { targets }) {
            try await encrypt(
                targets.map { ($0, own.contains($0.withoutDevice) && message.chat != $0.withoutDevice ? copy : plain) },
                storing: [try message.stored(at: serverNow)])
        }
        guard !parts.isEmpty else { throw WebError(.unknownUser, "no device of the recipient has keys") }
        var content = [participants(parts, message.prepared)]
        if parts.contains(where: { $0.kind == .prekey }), let account = credentials?.account {
            content.append(Node("device-identity", bytes: account.deviceIdentity))
        }
        if let token = try await privacyTokens(of: [message.chat])[message.chat] {
            content.append(Node("tctoken", bytes: token))
        }
        return stanza(message, content)
    }

    private func participants(_ parts: [EncryptedPart], _ message: PreparedMessage) -> Node {
        Node("participants", [:], parts.map { Node("to", ["jid": .jid($0.device)], [$0.enc(message)]) })
    }

    func stanza(_ message: Outgoing, _ content: [Node]) -> Node {
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
}
