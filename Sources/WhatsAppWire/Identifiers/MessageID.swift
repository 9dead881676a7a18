import Crypto

/// Makes the ids of messages that a linked device sends.
public enum MessageID {
    /// How many random bytes an id is made from.
    public static let randomByteCount = 16

    /// `3EB0` and 18 upper-case hexadecimal digits: the form of WhatsApp's own web client.
    ///
    /// - Parameters:
    ///   - user: the phone number of the own account, digits only.
    ///   - seconds: the time, in seconds since 1970.
    ///   - random: 16 random bytes.
    public static func make(user: String, seconds: UInt64, random: [UInt8]) -> String {
        var hash = SHA256()
        hash.update(data: (0..<8).map { UInt8(truncatingIfNeeded: seconds >> (56 - 8 * $0)) })
        hash.update(data: Array("\(user)@\(JID.Server.legacy.name)".utf8))
        hash.update(data: random)
        return "3EB0" + Hexadecimal.upper(hash.finalize().prefix(9))
    }
}
