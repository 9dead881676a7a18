public import WhatsAppKeys

/// Begins sessions, encrypts and decrypts in them, for one account: pure functions from record to record.
public struct SessionCipher: Sendable {
    private let identity: KeyPair
    private let registrationID: UInt32

    /// A cipher for the account's identity and its number for this registration.
    public init(identity: KeyPair, registrationID: UInt32) {
        self.identity = identity
        self.registrationID = registrationID
    }

    /// A new current session with the device of `bundle`; nothing is reserved in it yet.
    /// - Parameters:
    ///   - record: what is known of the device; its current session is archived.
    ///   - trusted: the stored identity of the device, or nil to trust the bundle's on first use.
    /// - Throws: `.identityChanged` or `.key`.
    public func begin(
        with bundle: PrekeyBundle, after record: SessionRecord? = nil, trusting trusted: PublicKey?
    ) throws(SignalError) -> SessionRecord {
        _ = try IdentityTrust.check(bundle.identity, stored: trusted)
        let session = try KeyExchange.initiate(
            bundle, identity: identity, registrationID: registrationID, base: .random(), ratchet: .random())
        return record?.beginning(session) ?? SessionRecord(session)
    }

    /// Encrypts in the current session.
    /// - Parameter plaintext: with WhatsApp's padding, see `MessagePadding`.
    /// - Throws: `.noSession`, `.notReserved` or `.exhausted`.
    public func encrypt(_ plaintext: [UInt8], in record: SessionRecord) throws(SignalError) -> SealedMessage {
        guard let current = record.current else {
            throw SignalError(.noSession, "there is no session: begin one with a bundle")
        }
        let (session, bytes) = try current.encrypting(plaintext)
        var record = record
        record.current = session
        return SealedMessage(kind: current.pending == nil ? .session : .prekey, bytes: bytes, record: record)
    }

    /// Decrypts a message in whichever session it belongs to; that session becomes the current one.
    /// - Parameter trusted: the stored identity of the device; sessions with another one are left alone.
    /// - Throws: `.duplicate`, `.tooFarAhead`, `.authentication`, `.malformed`, `.version`, `.key` or `.noSession`.
    public func decrypt(
        _ message: [UInt8], in record: SessionRecord, trusting trusted: PublicKey?
    ) throws(SignalError) -> OpenedMessage {
        let (plaintext, next, identity) = try open(try SignalMessage(message), in: record, trusting: trusted)
        return OpenedMessage(
            plaintext: plaintext, record: next, identity: identity,
            trust: IdentityTrust(identity, stored: trusted), usedPrekeyID: nil)
    }

    /// Decrypts a message that may begin a session.
    /// - Parameters:
    ///   - record: what is known of the device. If it `contains(baseKey:)`, no prekeys are needed.
    ///   - signedPrekey: the one with the message's `signedPrekeyID`, or nil if there is none.
    ///   - prekey: the one with the message's `prekeyID`, or nil if there is none.
    ///   - trusted: the stored identity of the device, or nil to trust the message's on first use.
    /// - Throws: `.identityChanged`, `.unknownPrekey`, and what the other `decrypt` throws.
    public func decrypt(
        _ message: PreKeySignalMessage, in record: SessionRecord?, signedPrekey: SignedPrekey?, prekey: Prekey?,
        trusting trusted: PublicKey?
    ) throws(SignalError) -> OpenedMessage {
        let trust = try IdentityTrust.check(message.identity, stored: trusted)
        if let record, record.contains(baseKey: message.baseKey) {
            let (plaintext, next, identity) = try open(message.message, in: record, trusting: message.identity)
            return OpenedMessage(
                plaintext: plaintext, record: next, identity: identity, trust: trust, usedPrekeyID: nil)
        }
        guard let signedPrekey, signedPrekey.id == message.signedPrekeyID else {
            throw SignalError(.unknownPrekey, "the signed prekey \(message.signedPrekeyID) is not there")
        }
        if let id = message.prekeyID, prekey?.id != id {
            throw SignalError(.unknownPrekey, "the one-time prekey \(id) is not there: it was used, or never made")
        }
        let session = try KeyExchange.respond(
            to: message, identity: identity, registrationID: registrationID, signedPrekey: signedPrekey.pair,
            prekey: message.prekeyID == nil ? nil : prekey?.pair)
        let (next, plaintext) = try session.decrypting(message.message)
        return OpenedMessage(
            plaintext: plaintext, record: record?.beginning(next) ?? SessionRecord(next), identity: message.identity,
            trust: trust, usedPrekeyID: message.prekeyID)
    }

    /// Tries the sessions that know the message's ratchet key first, because there nothing need be computed to see it.
    private func open(
        _ message: SignalMessage, in record: SessionRecord, trusting trusted: PublicKey?
    ) throws(SignalError) -> (plaintext: [UInt8], record: SessionRecord, identity: PublicKey) {
        func isTrusted(_ session: Session) -> Bool { trusted == nil || session.remoteIdentity == trusted }
        var failure: SignalError?
        func keep(_ error: SignalError) {
            // What a session knows for certain says more than that others do not fit.
            if failure == nil || failure?.code == .authentication { failure = error }
        }
        if let current = record.current, isTrusted(current) {
            do {
                let (session, plaintext) = try current.decrypting(message)
                var next = record
                next.current = session
                return (plaintext, next, session.remoteIdentity)
            } catch {
                keep(error)
            }
        }
        let others = record.archived.indices.compactMap { index in
            record.archived[index].session.map { (index, $0) }
        }.filter { isTrusted($0.1) }
        let knowing = others.filter { $0.1.knows(message.ratchetKey) }
        let strangers = others.filter { !$0.1.knows(message.ratchetKey) }
        for (index, session) in knowing + strangers {
            do {
                let (next, plaintext) = try session.decrypting(message)
                return (plaintext, record.promoting(next, from: index), next.remoteIdentity)
            } catch {
                keep(error)
            }
        }
        throw failure ?? SignalError(.noSession, "there is no session for the message")
    }
}
