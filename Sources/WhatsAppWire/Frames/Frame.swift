/// The units of the byte stream: three bytes of length, big-endian, and the data.
///
/// The messages of the WebSocket have no meaning of their own: one may hold several frames, or a part of one.
public enum Frame {
    /// How many bytes stand before the data.
    public static let headerByteCount = 3
    /// The largest length that three bytes can say.
    public static let largestByteCount = (1 << 24) - 1

    /// A frame with `data` in it.
    /// - Throws: `WireError` with `notEncodable` if the data is too long.
    public static func encode(_ data: [UInt8]) throws(WireError) -> [UInt8] {
        var frame: [UInt8] = []
        frame.reserveCapacity(headerByteCount + data.count)
        try appendHeader(dataByteCount: data.count, to: &frame)
        frame.append(contentsOf: data)
        return frame
    }

    /// Appends the bytes that stand before `dataByteCount` bytes of data.
    static func appendHeader(dataByteCount count: Int, to output: inout [UInt8]) throws(WireError) {
        guard count <= largestByteCount else {
            throw WireError(.notEncodable, "a frame holds at most \(largestByteCount) bytes, not \(count)")
        }
        output.append(UInt8(truncatingIfNeeded: count >> 16))
        output.append(UInt8(truncatingIfNeeded: count >> 8))
        output.append(UInt8(truncatingIfNeeded: count))
    }
}
