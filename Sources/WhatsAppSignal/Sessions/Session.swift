import WhatsAppKeys

/// Which of the peer's prekeys a session was begun with; sent along until the peer has answered.
struct PendingPrekey: Sendable, Equatable {
    let prekeyID: UInt32?
    let signedPrekeyID: UInt32
}

/// A chain of the peer's messages under one of its ratchet keys.
struct RemoteChain: Sendable {
    let ratchetKey: PublicKey
    var incoming: IncomingChain
}

/// The double ratchet with one device, from one X3DH on.
struct Session: Sendable {
    let localIdentity: PublicKey
    let remoteIdentity: PublicKey
    let localRegistrationID: UInt32
    let remoteRegistrationID: UInt32
    /// The initiator's ephemeral key, which names the session.
    let baseKey: PublicKey
    var rootKey: SecretBytes
    /// Our ratchet key, whose private half turns the ratchet at the peer's next key.
    var ratchet: KeyPair
    var outgoing: OutgoingChain
    /// The last counter of our chain before this one; old clients need it, current ones ignore it.
    var previousCounter: UInt32
    /// Newest last.
    var remoteChains: [RemoteChain]
    var pending: PendingPrekey?

    /// One message, in the session after it.
    func encrypting(_ plaintext: [UInt8]) throws(SignalError) -> (session: Session, bytes: [UInt8]) {
        let (seed, counter, rest) = try outgoing.taking()
        let keys = MessageKeys(session: seed)
        var writer = SignalMessage.body(
            ratchetKey: ratchet.publicKey, counter: counter, previousCounter: previousCounter,
            ciphertext: try keys.encrypt(plaintext))
        let mac = keys.mac(from: localIdentity, to: remoteIdentity, over: writer.bytes[...])
        writer.append(mac.exposed())
        var session = self
        session.outgoing = rest
        guard let pending else { return (session, writer.bytes) }
        return (session, PreKeySignalMessage.bytes(around: writer.bytes, of: self, pending: pending))
    }

    func knows(_ ratchetKey: PublicKey) -> Bool { remoteChains.contains { $0.ratchetKey == ratchetKey } }

    /// The plaintext of one message, and the session after it.
    ///
    /// Nothing is turned or kept before the MAC has proved the message genuine.
    func decrypting(_ message: SignalMessage) throws(SignalError) -> (session: Session, plaintext: [UInt8]) {
        var session = self
        if let index = remoteChains.firstIndex(where: { $0.ratchetKey == message.ratchetKey }) {
            let (plaintext, rest) = try open(message, in: remoteChains[index].incoming)
            session.remoteChains[index].incoming = rest
            session.pending = nil
            session.trimSkippedKeys(keeping: index)
            return (session, plaintext)
        }
        let (root, chainKey) = try RootKey.step(rootKey, own: ratchet, remote: message.ratchetKey)
        let chain = IncomingChain(HashChain(key: chainKey, counter: 0))
        let (plaintext, rest) = try open(message, in: chain)
        session.remoteChains.append(RemoteChain(ratchetKey: message.ratchetKey, incoming: rest))
        session.remoteChains.removeFirst(max(0, session.remoteChains.count - SignalLimits.receivingChains))
        session.trimSkippedKeys(keeping: session.remoteChains.count - 1)
        try session.turn(root, to: message.ratchetKey)
        session.pending = nil
        return (session, plaintext)
    }

    private func open(
        _ message: SignalMessage, in chain: IncomingChain
    ) throws(SignalError) -> (plaintext: [UInt8], rest: IncomingChain) {
        let (seed, rest) = try chain.taking(message.counter)
        let keys = MessageKeys(session: seed)
        let mac = keys.mac(from: remoteIdentity, to: localIdentity, over: message.authenticated)
        guard mac == SecretBytes(Array(message.mac)) else {
            throw SignalError(.authentication, "the message was changed, or is of another session")
        }
        return (try keys.decrypt(message.ciphertext), rest)
    }

    /// The other half of a turn: a new ratchet key of ours and a new chain to send with.
    private mutating func turn(_ root: SecretBytes, to remote: PublicKey) throws(SignalError) {
        let pair = KeyPair.random()
        let (next, chainKey) = try RootKey.step(root, own: pair, remote: remote)
        previousCounter = outgoing.chain.counter == 0 ? 0 : outgoing.chain.counter - 1
        rootKey = next
        ratchet = pair
        outgoing = OutgoingChain(chainKey)
    }

    /// Keeps the limit over all chains together; the oldest chains lose their keys first.
    private mutating func trimSkippedKeys(keeping last: Int) {
        guard remoteChains.reduce(0, { $0 + $1.incoming.skipped.count }) > SignalLimits.skippedKeys else { return }
        var room = SignalLimits.skippedKeys
        for index in [last] + remoteChains.indices.reversed().filter({ $0 != last }) {
            let incoming = remoteChains[index].incoming
            if incoming.skipped.count > room {
                remoteChains[index].incoming = IncomingChain(
                    incoming.chain, skipped: incoming.skipped.keeping(newest: room))
            }
            room -= remoteChains[index].incoming.skipped.count
        }
    }
}
