import Foundation
import Logging
import SwiftProtobuf
import WhatsAppKeys
import WhatsAppProto
import WhatsAppSignal
import WhatsAppWire

/// What is needed to read a stanza, gathered before anything is changed.
struct IncomingMessage {
    let node: Node
    let header: MessageHeader
    /// The sending device.
    let device: JID
    /// The same by the address that sessions are kept by.
    let sessionDevice: JID
    /// The address of the ratchets with it.
    let address: String
    /// What its group key is kept under, in a group.
    let senderKeyName: String?
    let isPeer: Bool

    init(_ node: Node, own: [JID], _ devices: DeviceTable) throws {
        self.node = node
        let from = try node.requiredJID("from")
        let participant = try node.jid("participant")
        let device = participant ?? from
        let names: [(String, String)] =
            participant == nil ? [("sender_pn", "sender_lid")] : [("participant_pn", "participant_lid")]
        let aliases = try names.flatMap { try [node.jid($0.0), node.jid($0.1)] }.compactMap(\.self)
        let alias = aliases.first { $0.isLID != device.isLID }
        let isFromMe = own.contains(device.withoutDevice)
        let chat = from.isGroup || from.isBroadcast ? from : isFromMe ? (try node.jid("recipient") ?? from) : from
        header = MessageHeader(
            id: try node.requiredText("id"), chat: chat, sender: device, senderAlias: alias, isFromMe: isFromMe,
            pushName: node.text("notify"), sentAt: node.date("t") ?? Date(timeIntervalSince1970: 0),
            ownAddresses: own)
        self.device = device
        var lid = devices.sessionAddress(of: device)
        if !lid.isLID, let alias, alias.isLID { lid = alias.device(like: device) }
        sessionDevice = lid
        address = lid.signalAddress
        senderKeyName = from.isGroup || from.isBroadcast ? "\(from.withoutDevice)::\(address)" : nil
        isPeer = node.text("category") == "peer"
    }

    /// The address of the phone that must vouch for the sending device, if a companion begins a session by it.
    var vouchingAddress: String? {
        guard sessionDevice.device != 0, node.children("enc").contains(where: { $0.text("type") == "pkmsg" }) else {
            return nil
        }
        return sessionDevice.withoutDevice.signalAddress
    }

    /// What it is called where repetitions are counted: nobody but its sender can use the name up.
    var name: String { "\(header.chat)/\(address)/\(header.id)" }

    /// The numbers of the one-time prekeys that its parts name.
    var prekeyIDs: [UInt32] {
        node.children("enc").compactMap { part in
            guard part.text("type") == "pkmsg", let bytes = part.bytes else { return nil }
            return (try? PreKeySignalMessage(bytes))?.prekeyID
        }
    }
}

/// What reading a batch has changed and will be stored by one commit.
struct ReadingState {
    var result = IntakeResult()
    var sessions: [String: SessionRecord] = [:]
    var senderKeys: [String: SenderKeyRecord] = [:]
    var prekeys: [UInt32: Prekey] = [:]
    var usedPrekeys: Set<UInt32> = []
    /// Messages that were asked for again and have been read.
    var answered: Set<String> = []
    /// Messages that have been read.
    var read: [ReadNames.Name] = []
}

extension WebClient {
    /// Reads one message and notes what follows from it.
    func read(_ message: IncomingMessage, _ state: inout ReadingState) {
        guard message.node.child("unavailable") == nil || message.node.child("enc") != nil else {
            let isViewOnce = message.node.child("unavailable")?.text("type") == "view_once"
            state.result.events.append(
                .unreadable(
                    UnreadableMessage(header: message.header, reason: isViewOnce ? .viewOnceOnPhone : .onPhoneOnly)))
            return state.result.answers.append(receipt(for: message))
        }
        var plaintexts: [[UInt8]] = []
        for part in message.node.children("enc").prefix(8) {
            do {
                let plaintext = try MessagePadding.remove(from: try decrypt(part, of: message, &state))
                try noteSenderKey(in: plaintext, of: message, &state)
                plaintexts.append(plaintext)
            } catch let error as SignalError where error.code == .duplicate {
                // This part was read before; another one may not have been.
                if isAnother(message, state) { return askAgain(for: message, because: error, &state) }
                continue
            } catch {
                return askAgain(for: message, because: error, &state)
            }
        }
        if !isAnswered(message, state) {
            for plaintext in plaintexts { handOver(plaintext, of: message, &state) }
            if !plaintexts.isEmpty { state.read.append(ReadNames.Name(message)) }
            if !plaintexts.isEmpty, retries.count(of: message.name) > 0 { state.answered.insert(message.name) }
        }
        state.result.answers.append(receipt(for: message))
        if message.isPeer { state.result.answers.append(receipt(for: message, type: "peer_msg")) }
    }

    /// Whether a message whose key was used before is not the one that used it.
    private func isAnother(_ message: IncomingMessage, _ state: ReadingState) -> Bool {
        let name = ReadNames.Name(message)
        return !readNames.contains(name) && !state.read.contains(name)
    }

    /// Whether the message was asked for more than once, and one of the answers has been read.
    func isAnswered(_ message: IncomingMessage, _ state: ReadingState) -> Bool {
        state.answered.contains(message.name) || retries.isAnswered(message.name)
    }

    private func decrypt(
        _ part: Node, of message: IncomingMessage, _ state: inout ReadingState
    ) throws -> [UInt8] {
        let bytes = try part.requiredBytes()
        let before = state.sessions[message.address] ?? sessions[session: message.address]
        switch part.text("type") {
        case "msg":
            guard let before else { throw SignalError.missingSession }
            let opened = try cipher().decrypt(bytes, in: before, trusting: nil)
            state.sessions[message.address] = opened.record
            return opened.plaintext
        case "pkmsg":
            let first = try PreKeySignalMessage(bytes)
            guard let credentials else { throw WebError(.notLinked, "there are no keys") }
            let known = before?.remoteIdentity
            guard known == first.identity || isVouchedFor(message, first.identity, state) else {
                throw WebError(.untrustedDevice, "a device begins a session, and its account does not vouch for it")
            }
            let opened = try cipher().decrypt(
                first, in: before,
                signedPrekey: try credentials.signedPrekey(numbered: first.signedPrekeyID)?.forSignal(),
                prekey: first.prekeyID.flatMap { state.prekeys[$0] }, trusting: nil)
            if let known, known != opened.identity {
                state.result.events.append(.identityChanged(message.header.sender))
            }
            state.sessions[message.address] = opened.record
            if let id = opened.usedPrekeyID {
                state.usedPrekeys.insert(id)
                state.prekeys[id] = nil
            }
            return opened.plaintext
        case "skmsg":
            guard let name = message.senderKeyName,
                let record = state.senderKeys[name] ?? sessions[senderKey: name]
            else { throw SignalError.missingSession }
            let (plaintext, next) = try record.decrypt(bytes)
            state.senderKeys[name] = next
            return plaintext
        default:
            throw WebError(.malformed, "a message is encrypted in a way that is not known")
        }
    }

    /// Whether who begins a session is a device of its account: of companions the message itself brings the proof.
    private func isVouchedFor(_ message: IncomingMessage, _ identity: PublicKey, _ state: ReadingState) -> Bool {
        isVouchedFor(
            message.sessionDevice, identity, by: message.node.child("device-identity")?.bytes,
            phone: message.vouchingAddress.flatMap { state.sessions[$0] })
    }

    /// Keeps the group key that a member's device gives us.
    private func noteSenderKey(
        in plaintext: [UInt8], of message: IncomingMessage, _ state: inout ReadingState
    ) throws {
        guard let name = message.senderKeyName else { return }
        let outer = try WAMessage(serializedBytes: plaintext)
        guard outer.hasSenderKeyDistribution,
            outer.senderKeyDistribution.groupID == message.header.chat.description
        else { return }
        let record = state.senderKeys[name] ?? sessions[senderKey: name] ?? SenderKeyRecord()
        state.senderKeys[name] = try record.adding([UInt8](outer.senderKeyDistribution.distribution))
    }

    private func handOver(_ plaintext: [UInt8], of message: IncomingMessage, _ state: inout ReadingState) {
        do {
            if message.isPeer, message.header.isFromMe {
                try readPeerMessage(plaintext, of: message, &state)
            } else if let received = try ReceivedMessage(header: message.header, bytes: plaintext) {
                state.result.events.append(.message(received))
            }
        } catch {
            state.result.events.append(.unreadable(UnreadableMessage(header: message.header, reason: .malformed)))
        }
    }

    /// What the own phone tells its devices.
    private func readPeerMessage(
        _ plaintext: [UInt8], of message: IncomingMessage, _ state: inout ReadingState
    ) throws {
        let news = OpenedMessage(try WAMessage(serializedBytes: plaintext)).message.protocolMessage
        if news.hasAppStateSyncKeyShare { takeAppStateKeys(news.appStateSyncKeyShare, &state.result) }
        if news.hasHistorySyncNotification {
            state.result.answers.append(receipt(for: message, type: "hist_sync"))
            try takeHistory(news.historySyncNotification, named: message.header.id, &state.result)
        }
    }

    /// Says that a message has arrived. Its addresses are those of the stanza, devices included.
    func receipt(for message: IncomingMessage, type: String? = nil) -> Node {
        var attributes: Node.Attributes = ["id": .text(message.header.id)]
        attributes["to"] = message.node.attributes["from"]
        for name in ["participant", "recipient"] { attributes[name] = message.node.attributes[name] }
        let kind = type ?? (message.isPeer ? nil : message.header.isFromMe ? "sender" : isAvailable ? nil : "inactive")
        if let kind { attributes["type"] = .text(kind) }
        return Node("receipt", attributes)
    }

    func cipher() throws -> SessionCipher {
        guard let credentials else { throw WebError(.notLinked, "there are no keys") }
        return SessionCipher(identity: credentials.identity.pair, registrationID: credentials.registrationID)
    }

    /// The own account's addresses, without devices.
    var ownAddresses: [JID] {
        credentials?.account.map { [$0.phoneNumber.withoutDevice, $0.lid.withoutDevice] } ?? []
    }
}

extension SignalError {
    /// Nothing is known of the sender's ratchet.
    static var missingSession: WebError { WebError(.malformed, "there is no session with the sending device") }
}

extension Credentials.SignedPrekey {
    func forSignal() throws -> SignedPrekey { SignedPrekey(id: id, pair: keys, signature: signature) }
}
