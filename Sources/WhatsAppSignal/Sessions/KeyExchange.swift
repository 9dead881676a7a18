import WhatsAppKeys

/// X3DH: two devices get a shared secret though one of them is offline (Signal, "The X3DH Key Agreement Protocol").
enum KeyExchange {
    /// The session of the one who begins, with the keys that it made for it.
    static func initiate(
        _ bundle: PrekeyBundle, identity: KeyPair, registrationID: UInt32, base: KeyPair, ratchet: KeyPair
    ) throws(SignalError) -> Session {
        let secrets = try SignalError.keys("a key of the bundle") { () throws(KeyError) in
            var secrets = [
                try identity.agree(with: bundle.signedPrekey), try base.agree(with: bundle.identity),
                try base.agree(with: bundle.signedPrekey),
            ]
            if let prekey = bundle.prekey { secrets.append(try base.agree(with: prekey.key)) }
            return secrets
        }
        let (root, incoming) = RootKey.first(secrets)
        let (next, outgoing) = try RootKey.step(root, own: ratchet, remote: bundle.signedPrekey)
        return Session(
            localIdentity: identity.publicKey, remoteIdentity: bundle.identity, localRegistrationID: registrationID,
            remoteRegistrationID: bundle.registrationID, baseKey: base.publicKey, rootKey: next, ratchet: ratchet,
            outgoing: OutgoingChain(outgoing), previousCounter: 0,
            remoteChains: [
                RemoteChain(
                    ratchetKey: bundle.signedPrekey, incoming: IncomingChain(HashChain(key: incoming, counter: 0)))
            ],
            pending: PendingPrekey(prekeyID: bundle.prekey?.id, signedPrekeyID: bundle.signedPrekeyID))
    }

    /// The session of the one who answers; its first turn of the ratchet comes with the message itself.
    static func respond(
        to message: PreKeySignalMessage, identity: KeyPair, registrationID: UInt32, signedPrekey: KeyPair,
        prekey: KeyPair?
    ) throws(SignalError) -> Session {
        let secrets = try SignalError.keys("a key of the first message") { () throws(KeyError) in
            var secrets = [
                try signedPrekey.agree(with: message.identity), try identity.agree(with: message.baseKey),
                try signedPrekey.agree(with: message.baseKey),
            ]
            if let prekey { secrets.append(try prekey.agree(with: message.baseKey)) }
            return secrets
        }
        let (root, outgoing) = RootKey.first(secrets)
        return Session(
            localIdentity: identity.publicKey, remoteIdentity: message.identity, localRegistrationID: registrationID,
            remoteRegistrationID: message.registrationID, baseKey: message.baseKey, rootKey: root,
            ratchet: signedPrekey, outgoing: OutgoingChain(outgoing), previousCounter: 0, remoteChains: [],
            pending: nil)
    }
}
