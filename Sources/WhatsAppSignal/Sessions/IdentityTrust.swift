public import WhatsAppKeys

/// How a peer's identity key compares with the one that is stored for it.
public enum IdentityTrust: Sendable, Hashable {
    /// None is stored: trusted on first use.
    case new
    /// It is the stored one.
    case known
    /// Another one is stored: the peer registered anew, or somebody stands between.
    case changed

    /// Compares `identity` with the stored one.
    public init(_ identity: PublicKey, stored: PublicKey?) {
        guard let stored else {
            self = .new
            return
        }
        self = stored == identity ? .known : .changed
    }

    /// Refuses a changed identity.
    static func check(_ identity: PublicKey, stored: PublicKey?) throws(SignalError) -> IdentityTrust {
        let trust = IdentityTrust(identity, stored: stored)
        guard trust != .changed else {
            throw SignalError(
                .identityChanged, "the peer has a new identity key: decide whether to trust it, then try again",
                identity: identity)
        }
        return trust
    }
}
