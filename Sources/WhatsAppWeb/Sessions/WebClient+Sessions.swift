import Logging
import WhatsAppKeys
import WhatsAppSignal
import WhatsAppWire

/// A message encrypted for one device.
struct EncryptedPart {
    let device: JID
    let kind: SealedMessage.Kind
    let bytes: [UInt8]

    /// The `<enc>` of the device's part.
    func enc(_ message: PreparedMessage) -> Node {
        var attributes: Node.Attributes = ["v": "2", "type": .text(kind.rawValue)]
        if let type = message.mediaType { attributes["mediatype"] = .text(type) }
        if message.hidesFailure { attributes["decrypt-fail"] = "hide" }
        return Node("enc", attributes, bytes: bytes)
    }
}

extension WebClient {
    /// How many counters are reserved at once: the more, the fewer writes, and the more are skipped after a crash.
    private static let reservation = 32

    /// Works with the ratchets of `addresses` while nobody else does.
    func withLanes<Value>(_ addresses: Set<String>, _ body: () async throws -> Value) async rethrows -> Value {
        if !lanes.take(addresses) { await withCheckedContinuation { lanes.wait(for: addresses, $0) } }
        defer { lanes.giveBack(addresses) }
        return try await body()
    }

    func withLanes<Value>(_ addresses: [String], _ body: () async throws -> Value) async rethrows -> Value {
        try await withLanes(Set(addresses), body)
    }

    /// Reads into memory the sessions that are not there. Their lanes must be taken.
    func load(sessions addresses: [String]) async throws {
        let missing = addresses.filter { !sessions.knows($0) }
        guard !missing.isEmpty else { return }
        let found = try await store.load(missing.map { StoreKey(.session, $0) })
        try await moveSessions(to: missing.filter { found[StoreKey(.session, $0)] == nil })
        for address in missing where sessions[session: address] == nil {
            if let bytes = found[StoreKey(.session, address)] {
                sessions[session: address] = try SessionRecord(serialized: bytes)
            } else {
                sessions.noteAbsent(address)
            }
        }
    }

    /// Begins sessions with those devices that there is none with, by keys from the server. Lanes must be taken.
    ///
    /// Devices that the server has no keys of, or whose keys are not vouched for, are left out.
    func beginSessions(with devices: [JID], isFresh: Bool = false) async throws {
        let missing = devices.filter { isFresh || sessions[session: $0.signalAddress]?.canEncrypt != true }
        for start in stride(from: 0, to: missing.count, by: 128) {
            let part = missing[start..<min(start + 128, missing.count)]
            let answer = try await request(
                Node(
                    "iq", ["xmlns": "encrypt", "type": "get", "to": .jid(.whatsApp)],
                    [Node("key", [:], part.map { Node("user", ["jid": .jid($0), "reason": "identity"]) })]))
            let users = answer.child("list")?.children("user") ?? []
            for user in users where user.child("error") == nil {
                do {
                    let device = try user.requiredJID("jid")
                    let bundle = try PrekeyBundle(
                        user, registration: try user.requiredChild("registration").requiredBigEndian())
                    guard isVouchedFor(user, device, bundle.identity) else { continue }
                    let before = sessions[session: device.signalAddress]
                    if let known = before?.remoteIdentity, known != bundle.identity {
                        try await store.commit([], events: [.identityChanged(device.withoutDevice)])
                    }
                    sessions[session: device.signalAddress] =
                        try cipher().begin(with: bundle, after: before, trusting: nil)
                } catch let error as SignalError {
                    logger.warning("A device's keys are refused", metadata: ["reason": "\(error.code)"])
                } catch let error as WireError {
                    logger.warning("A device's keys are damaged", metadata: ["reason": "\(error.code)"])
                }
            }
        }
    }

    private func isVouchedFor(_ user: Node, _ device: JID, _ identity: PublicKey) -> Bool {
        guard device.device != 0, let bytes = user.child("device-identity")?.bytes else { return true }
        let account = sessions[session: device.withoutDevice.signalAddress]?.remoteIdentity
        // Without the phone's identity there is nothing to hold it against yet.
        guard account != nil || DeviceIdentity.namesAccount(bytes) else { return true }
        guard DeviceIdentity.isValid(bytes, of: identity, account: account) else {
            logger.warning("A device is not vouched for by its account and gets nothing")
            return false
        }
        return true
    }

    /// Encrypts for several devices, and makes durable what must be before any of it leaves. Lanes must be taken and
    /// sessions begun; devices without a session are left out.
    /// - Parameter changes: what else is stored by the same commit.
    func encrypt(
        _ messages: [(device: JID, plaintext: [UInt8])], storing changes: [StoreChange] = []
    ) async throws -> [EncryptedPart] {
        let cipher = try cipher()
        var changes = changes
        var parts: [EncryptedPart] = []
        parts.reserveCapacity(messages.count)
        var touched: [String] = []
        do {
            for message in messages {
                let address = message.device.signalAddress
                guard var record = sessions[session: address], record.canEncrypt else { continue }
                if record.remaining == 0 {
                    record = try record.reserving(Self.reservation)
                    changes.append(.put(StoreKey(.session, address), record.serialized()))
                    touched.append(address)
                }
                let sealed = try cipher.encrypt(MessagePadding.add(to: message.plaintext), in: record)
                sessions[session: address] = sealed.record
                parts.append(EncryptedPart(device: message.device, kind: sealed.kind, bytes: sealed.bytes))
            }
            if !changes.isEmpty { try await store.commit(changes, events: []) }
        } catch {
            sessions.drop(sessions: touched, senderKeys: [])
            throw error
        }
        return parts
    }
}
