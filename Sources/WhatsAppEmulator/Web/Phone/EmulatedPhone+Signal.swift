import WhatsAppKeys
import WhatsAppSignal
import WhatsAppWire

/// What phones encrypt and decrypt with.
extension EmulatedPhone {
    /// The plaintext of a message in a session, without padding.
    func decrypt(_ bytes: [UInt8], kind: String, from address: String) throws -> [UInt8] {
        let opened: OpenedMessage
        switch kind {
        case "pkmsg":
            let message = try PreKeySignalMessage(bytes)
            // A phone trusts whoever registers anew; the log says so.
            opened = try cipher.decrypt(
                message, in: sessions[address], signedPrekey: signedPrekey,
                prekey: message.prekeyID.flatMap { prekeys[$0] }, trusting: nil)
        case "msg":
            guard let record = sessions[address] else {
                throw StanzaRefusal.notFound("there is no session with \(address)")
            }
            opened = try cipher.decrypt(bytes, in: record, trusting: nil)
        default: throw StanzaRefusal.badRequest("there is no kind of message \(kind)")
        }
        sessions[address] = opened.record
        identities[address] = opened.identity
        if let id = opened.usedPrekeyID { forget(prekey: id) }
        return try MessagePadding.remove(from: opened.plaintext)
    }

    /// The plaintext of a group message, without padding.
    func decryptGroup(_ bytes: [UInt8], group: JID, from address: String) throws -> [UInt8] {
        let key = "\(group) \(address)"
        let (plaintext, record) = try (senderKeys[key] ?? SenderKeyRecord()).decrypt(bytes)
        senderKeys[key] = record
        return try MessagePadding.remove(from: plaintext)
    }

    func learn(_ distribution: [UInt8], group: String, from address: String) throws {
        let key = "\(group) \(address)"
        senderKeys[key] = try (senderKeys[key] ?? SenderKeyRecord()).adding(distribution)
    }

    /// A message for one device in its session, which is begun if there is none.
    func encrypt(_ plaintext: [UInt8], for target: EmulatedDevice, takingPrekeysOf world: isolated WebWorld) throws
        -> (kind: String, bytes: [UInt8])
    {
        let address = target.lid.signalAddress
        var record = try sessions[address] ?? begin(with: target, world)
        if !record.canEncrypt { record = try begin(with: target, world) }
        if record.remaining == 0 { record = try record.reserving(64) }
        let sealed = try cipher.encrypt(MessagePadding.add(to: plaintext), in: record)
        sessions[address] = sealed.record
        return (sealed.kind.rawValue, sealed.bytes)
    }

    /// Begins a new session with the device's prekeys, whatever there was.
    @discardableResult
    func begin(with target: EmulatedDevice, _ world: isolated WebWorld) throws -> SessionRecord {
        let address = target.lid.signalAddress
        if target.number == 0 { world.phone(of: target.account).replenish() }
        let prekey = try target.takePrekey().map { PrekeyBundle.OneTimeKey(id: $0.id, key: try PublicKey($0.key)) }
        let bundle = try PrekeyBundle(
            registrationID: target.registrationID, identity: target.identity, signedPrekeyID: target.signedKey.id,
            signedPrekey: try PublicKey(target.signedKey.key), signature: target.signedKey.signature, prekey: prekey)
        let record = try cipher.begin(with: bundle, after: sessions[address], trusting: nil)
        sessions[address] = record
        return record
    }

    /// Our own sender key in a group, made if there is none.
    func ownSenderKey(in group: JID) throws -> OwnSenderKey {
        var key = ownSenderKeys[group.description] ?? OwnSenderKey()
        if key.remaining == 0 { key = try key.reserving(64) }
        ownSenderKeys[group.description] = key
        return key
    }

    /// One message for a group.
    func encryptGroup(_ plaintext: [UInt8], group: JID) throws -> [UInt8] {
        let (bytes, key) = try ownSenderKey(in: group).encrypt(MessagePadding.add(to: plaintext))
        ownSenderKeys[group.description] = key
        return bytes
    }
}

extension JID {
    /// The address in Signal, name and device.
    var signalAddress: String { "\(signalName).\(device)" }
}
