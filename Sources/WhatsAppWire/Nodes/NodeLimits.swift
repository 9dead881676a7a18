/// What a stanza may at most have, so that a small hostile one does not take much memory or time.
public struct NodeLimits: Sendable, Hashable {
    /// Levels of elements inside one another.
    public var depth: Int
    /// Elements in all.
    public var nodes: Int
    /// Attributes in all.
    public var attributes: Int
    /// Bytes after decompression.
    public var inflatedBytes: Int

    /// Limits; those left out are far above what WhatsApp sends.
    public init(
        depth: Int = 32, nodes: Int = 300_000, attributes: Int = 1_000_000, inflatedBytes: Int = 64 << 20
    ) {
        self.depth = depth
        self.nodes = nodes
        self.attributes = attributes
        self.inflatedBytes = inflatedBytes
    }
}
