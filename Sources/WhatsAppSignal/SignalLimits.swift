/// How much a peer, or a damaged message, can make us do and keep.
public enum SignalLimits {
    /// Keys of messages that did not come yet, kept for one session or one sender key.
    public static let skippedKeys = 2_000
    /// How far ahead of the last message another one may be.
    public static let jump: UInt32 = 2_000
    /// Sessions that are kept besides the current one.
    public static let archivedSessions = 40
    /// The peer's last ratchet keys whose messages can still be read.
    public static let receivingChains = 5
    /// Sender keys of one member in one group.
    public static let senderKeyStates = 5
    /// Counters that can be reserved at once; a crash passes over those that were not used.
    public static let reservation: UInt32 = 128
    /// The longest message, 16 MiB: more does not fit into a frame.
    public static let messageBytes = 1 << 24
    /// The highest id of a prekey, which has 24 bits on the wire.
    public static let prekeyID: UInt32 = 0xFF_FFFF
}
