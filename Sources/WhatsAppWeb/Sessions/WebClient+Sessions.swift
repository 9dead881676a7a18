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
    static let reservation = 32
    /// How many counters each message that is read leaves reserved, in the write that it needs anyway: the answer that
    /// mostly follows then needs none of its own.
    static let reservationForAnswer = 4

    /// Works with the ratchets of `addresses` while nobody else does.
    func withLanes<Value>(_ addresses: Set<String>, _ body: () async throws -> Value) async rethrows -> Value {
        if !lanes.take(addresses) { await withCheckedContinuation { lanes.wait(for: addresses, $0) } }
        defer { lanes.giveBack(addresses) }
        return try await body()
    }

    func withLanes<Value>(_ addresses: [String], _ body: () async throws -> Value) async rethrows -> Value {
        try await withLanes(Set(addresses), body)
    }

    /// Works with sessions, while nobody else does; those that are missing are begun before.
    ///
    /// The server is asked for keys while no lane is taken: its answer stands behind everything that came before it,
    /// and that may have to wait for the lanes.
    /// - Parameters:
    ///   - lanes: those of all devices, and what else is needed.
    ///   - devices: whom there must be sessions with, asked when the lanes are taken. Devices that the server has no
    ///     keys of, or whose keys are not vouched for, have none in the end.
    ///   - isFresh: whether new sessions are begun where there are some; where crashes have worn one, a new one begins
    ///     in any case.
    func withSessions<Value>(
        _ lanes: Set<String>, with devices: () async throws -> [JID], isFresh: Bool = false,
        _ body: () async throws -> Value
    ) async throws -> Value {
        var bundles: [JID: FetchedBundle] = [:]
        while true {
            let (value, missing): (Value?, [JID]) = try await withLanes(withFormer(lanes)) {
                let devices = try await devices()
                try await load(sessions: devices.map(\.signalAddress))
                let needed = devices.filter { device in
                    guard !isFresh, let record = sessions[session: device.signalAddress] else { return true }
                    return !record.canEncrypt || record.isWorn
                }
                let missing = needed.filter { bundles[$0] == nil }
                guard missing.isEmpty else { return (nil, missing) }
                // Phones first: they vouch for their companions.
                for device in needed.sorted(by: { $0.device < $1.device }) {
                    if case .keys(let bundle, let identity)? = bundles[device] {
                        try await begin(with: bundle, of: device, identity)
                    }
                }
                return (try await body(), [])
            }
            if missing.isEmpty, let value { return value }
            try await fetchBundles(of: missing, into: &bundles)
        }
    }

    /// What the server has given us to begin a session with.
    private enum FetchedBundle {
        case none
        /// The keys and, for companions, what vouches for them.
        case keys(PrekeyBundle, deviceIdentity: [UInt8]?)
    }

    /// The lanes, with those of the addresses by phone number that their sessions may still be under.
    func withFormer(_ lanes: Set<String>) -> Set<String> { lanes.union(lanes.compactMap(formerAddress)) }

    /// Reads into memory the sessions that are not there. Their lanes must be taken.
    func load(sessions addresses: [String]) async throws {
        let missing = addresses.filter { !sessions.knows($0) }
        guard !missing.isEmpty else { return }
        let found = try await store.load(missing.map { StoreKey(.session, $0) })
        try await moveSessions(to: missing.filter { found[StoreKey(.session, $0)] == nil })
        for address in missing where sessions[session: address] == nil {
            if let record = found[StoreKey(.session, address)].flatMap({ readable("session", $0, SessionRecord.init) })
            {
                sessions[session: address] = record
            } else {
                sessions.noteAbsent(address)
            }
        }
    }

    /// A stored record; nil if it is damaged, then a new one is made as if there were none: no key comes twice so.
    func readable<Record>(
        _ what: String, _ bytes: [UInt8], _ read: ([UInt8]) throws -> Record
    ) -> Record? {
        do { return try read(bytes) } catch {
            logger.error("A stored \(what) is not readable and given up", metadata: ["error": "\(error)"])
            return nil
        }
    }

    private func fetchBundles(of devices: [JID], into bundles: inout [JID: FetchedBundle]) async throws {
        for start in stride(from: 0, to: devices.count, by: 128) {
            let part = devices[start..<min(start + 128, devices.count)]
            for device in part { bundles[device] = FetchedBundle.none }
            let answer = try await request(
                Node(
                    "iq", ["xmlns": "encrypt", "type": "get", "to": .jid(.whatsApp)],
                    [Node("key", [:], part.map { Node("user", ["jid": .jid($0), "reason": "identity"]) })]))
            for user in answer.child("list")?.children("user") ?? [] where user.child("error") == nil {
                do {
                    let device = try user.requiredJID("jid")
                    // Nobody but who was asked for.
                    guard part.contains(device) else { continue }
                    bundles[device] = .keys(
                        try PrekeyBundle(
                            user, registration: try user.requiredChild("registration").requiredBigEndian()),
                        deviceIdentity: user.child("device-identity")?.bytes)
                } catch let error as SignalError {
                    logger.warning("A device's keys are refused", metadata: ["reason": "\(error.code)"])
                } catch let error as WireError {
                    logger.warning("A device's keys are damaged", metadata: ["reason": "\(error.code)"])
                }
            }
        }
    }

    /// Begins a session in memory; it is stored when something is encrypted in it. Its lane must be taken.
    private func begin(with bundle: PrekeyBundle, of device: JID, _ deviceIdentity: [UInt8]?) async throws {
        guard isVouchedFor(device, bundle.identity, by: deviceIdentity) else { return }
        let before = sessions[session: device.signalAddress]
        if let known = before?.remoteIdentity, known != bundle.identity {
            try await store.commit([], events: [.identityChanged(device.withoutDevice)])
        }
        do {
            sessions[session: device.signalAddress] = try cipher().begin(with: bundle, after: before, trusting: nil)
        } catch let error as SignalError {
            logger.warning("A device's keys are refused", metadata: ["reason": "\(error.code)"])
        }
    }

    /// Whether a device may have this identity key: the own phone has the one of the linking, those of others are
    /// trusted when they are first seen, and for a companion its account must vouch.
    /// - Parameters:
    ///   - device: by the address that sessions are kept by.
    ///   - bytes: a `SignedDeviceIdentity` message, as companions have it.
    ///   - phone: the session with the account's phone, if it is newer than the one that is kept.
    func isVouchedFor(
        _ device: JID, _ identity: PublicKey, by bytes: [UInt8]?, phone: SessionRecord? = nil
    ) -> Bool {
        let isOwn = ownAddresses.contains(device.withoutDevice)
        let session = phone ?? sessions[session: device.withoutDevice.signalAddress]
        let account = isOwn ? credentials?.account?.key : session?.remoteIdentity
        let isValid =
            device.device == 0
            ? !isOwn || identity == account
            : bytes.map { DeviceIdentity.isValid($0, of: identity, account: account) } ?? false
        if !isValid { logger.warning("A device is not vouched for by its account and not trusted") }
        return isValid
    }

    /// Encrypts for several devices, and makes durable what must be before any of it leaves. Lanes must be taken and
    /// sessions begun; devices without a session are left out.
    /// - Parameter changes: what else is stored by the same commit.
    func encrypt(
        _ messages: [(device: JID, plaintext: [UInt8])], storing changes: [StoreChange] = []
    ) async throws -> [EncryptedPart] {
        assertIsolated()
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
