/// A message for one device.
public struct SealedMessage: Sendable {
    /// What the message is, as the server calls it.
    public enum Kind: String, Sendable {
        /// The first ones of a session, with prekeys.
        case prekey = "pkmsg"
        /// One in a session that the peer has answered in.
        case session = "msg"
    }

    /// What the message is.
    public let kind: Kind
    /// The message on the wire.
    public let bytes: [UInt8]
    /// What replaces the record that was passed in.
    public let record: SessionRecord
}
