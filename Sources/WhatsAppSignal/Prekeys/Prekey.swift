public import WhatsAppKeys

/// A one-time prekey of ours: delete it with the transaction that stores the session made from it.
public struct Prekey: Sendable {
    /// 1...0xFFFFFF; never used for another key.
    public let id: UInt32
    /// The keys; peers get the public one.
    public let pair: KeyPair

    /// A prekey from storage.
    public init(id: UInt32, pair: KeyPair) {
        self.id = id
        self.pair = pair
    }

    /// New prekeys with rising ids.
    /// - Parameter first: the id after the last one that was ever used.
    /// - Throws: `.exhausted` where the ids would not fit into 24 bits.
    public static func batch(from first: UInt32, count: Int) throws(SignalError) -> [Prekey] {
        guard first >= 1, first <= SignalLimits.prekeyID, count >= 0, count <= SignalLimits.prekeyID,
            Int(first) + count - 1 <= Int(SignalLimits.prekeyID)
        else { throw SignalError(.exhausted, "the ids of prekeys do not fit into 24 bits: register anew") }
        return (0..<UInt32(count)).map { Prekey(id: first + $0, pair: .random()) }
    }
}
