/// A message that came and cannot be read.
public struct UnreadableMessage: Sendable, Hashable {
    /// Why a message cannot be read.
    public enum Reason: String, Sendable, Hashable, Codable {
        /// It could not be decrypted, also after it was asked for again.
        case undecryptable
        /// It was decrypted and is no message.
        case malformed
        /// The server gives it to the phone only.
        case onPhoneOnly
        /// Like `onPhoneOnly`, and to be looked at once.
        case viewOnceOnPhone
    }

    /// What the server says of it.
    public var header: MessageHeader
    public var reason: Reason

    public init(header: MessageHeader, reason: Reason) {
        self.header = header
        self.reason = reason
    }
}
