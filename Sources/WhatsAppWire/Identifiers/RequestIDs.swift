/// Numbers the requests of one connection: a random start, so that ids of two connections differ, and a counter.
public struct RequestIDs: Sendable {
    private let prefix: String
    private var count: UInt64 = 0

    /// - Parameter random: two random bytes, which all ids of the connection begin with.
    public init(random: (UInt8, UInt8)) { prefix = "\(random.0).\(random.1)-" }

    /// The next id, such as `17.203-1`.
    public mutating func next() -> String {
        count &+= 1
        return prefix + String(count)
    }
}
