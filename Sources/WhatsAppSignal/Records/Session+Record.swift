import WhatsAppKeys

extension Session {
    func write(to writer: inout RecordWriter) {
        writer.key(localIdentity)
        writer.key(remoteIdentity)
        writer.number(localRegistrationID)
        writer.number(remoteRegistrationID)
        writer.key(baseKey)
        writer.secret(rootKey)
        writer.secret(ratchet.privateKey)
        writer.key(ratchet.publicKey)
        outgoing.write(to: &writer)
        writer.number(previousCounter)
        switch pending {
        case nil: writer.byte(0)
        case let pending?:
            writer.byte(pending.prekeyID == nil ? 1 : 2)
            writer.number(pending.signedPrekeyID)
            if let id = pending.prekeyID { writer.number(id) }
        }
        writer.byte(UInt8(remoteChains.count))
        for chain in remoteChains {
            writer.key(chain.ratchetKey)
            chain.incoming.write(to: &writer)
        }
    }

    init(from reader: inout RecordReader) throws(SignalError) {
        localIdentity = try reader.key()
        remoteIdentity = try reader.key()
        localRegistrationID = try reader.number()
        remoteRegistrationID = try reader.number()
        baseKey = try reader.key()
        rootKey = try reader.secret()
        let privateKey = try reader.secret()
        let publicKey = try reader.key()
        ratchet = try SignalError.keys("a stored ratchet key") { () throws(KeyError) in
            try KeyPair(privateKey: privateKey, storedWith: publicKey)
        }
        outgoing = try OutgoingChain(from: &reader)
        previousCounter = try reader.number()
        switch try reader.byte() {
        case 0: pending = nil
        case 1: pending = PendingPrekey(prekeyID: nil, signedPrekeyID: try reader.number())
        case 2:
            let signed = try reader.number()
            pending = PendingPrekey(prekeyID: try reader.number(), signedPrekeyID: signed)
        default: throw SignalError(.record, "a stored session has an unknown kind of prekey")
        }
        remoteChains = []
        for _ in 0..<(try reader.count(upTo: SignalLimits.receivingChains)) {
            remoteChains.append(
                RemoteChain(ratchetKey: try reader.key(), incoming: try IncomingChain(from: &reader)))
        }
    }
}
