extension Node {
    /// The bit of the first byte that says that the rest is compressed.
    private static let compressed: UInt8 = 2

    /// The element in the plaintext of a frame: a byte of flags, then binary XML, perhaps compressed.
    /// - Throws: `WireError` with `malformedNode`, `malformedJID`, `limit` or `compression`.
    public init(decoding plaintext: [UInt8], limits: NodeLimits = NodeLimits()) throws(WireError) {
        self = try plaintext.span.withUnsafeBytes { buffer throws(WireError) in
            guard let flags = buffer.first else { throw WireError(.malformedNode, "a frame is empty") }
            let rest = UnsafeRawBufferPointer(rebasing: buffer.dropFirst())
            guard flags & Self.compressed != 0 else { return try NodeReader.read(rest, limits) }
            let inflated = try Inflater.inflate(rest, limit: limits.inflatedBytes)
            return try inflated.span.withUnsafeBytes { buffer throws(WireError) in try NodeReader.read(buffer, limits) }
        }
    }

    /// The plaintext of a frame with this element in it, as clients send it: not compressed.
    /// - Throws: `WireError` with `notEncodable` or `limit`.
    public func encoded() throws(WireError) -> [UInt8] {
        var start: [UInt8] = []
        start.reserveCapacity(256)
        start.append(0)
        var writer = NodeWriter(appendingTo: start)
        try writer.write(self)
        return writer.output
    }

    /// The same, compressed if the binary XML is longer than `limit` bytes, as servers send it.
    /// - Throws: `WireError` with `notEncodable`, `limit` or `compression`.
    public func encoded(compressingAbove limit: Int) throws(WireError) -> [UInt8] {
        let plain = try encoded()
        guard plain.count - 1 > limit else { return plain }
        return [Self.compressed] + (try Deflater.deflate(Array(plain.dropFirst())))
    }
}
