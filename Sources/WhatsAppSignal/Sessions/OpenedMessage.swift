public import WhatsAppKeys

/// A message of one device.
public struct OpenedMessage: Sendable {
    /// What was inside, with WhatsApp's padding.
    public let plaintext: [UInt8]
    /// What replaces the record that was passed in; acknowledge the message only when it is stored.
    public let record: SessionRecord
    /// The sender's identity, now proved.
    public let identity: PublicKey
    /// `.new` where none was stored: store it. Never `.changed`, which is an error.
    public let trust: IdentityTrust
    /// The one-time prekey that the new session used up: delete it with the transaction that stores the record.
    public let usedPrekeyID: UInt32?
}
