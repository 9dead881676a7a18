/// What a client sends before its first frame: perhaps where it was routed to last time, and the header.
public struct ConnectionIntro: Sendable, Hashable {
    /// "WA", protocol version 6, dictionary version 3; also the prologue of the handshake.
    public static let header: [UInt8] = [0x57, 0x41, 6, 3]
    /// "ED", 0, 1: routing information follows.
    static let routingMark: [UInt8] = [0x45, 0x44, 0, 1]
    /// The longest routing information that is read.
    static let longestRoutingInfo = 16_384

    /// What the server handed out as `<edge_routing>` on an earlier connection; nil if it never did.
    public var routingInfo: [UInt8]?

    /// An intro with or without routing information.
    public init(routingInfo: [UInt8]? = nil) { self.routingInfo = routingInfo }

    /// The bytes on the wire.
    /// - Throws: `WireError` with `notEncodable` if the routing information is too long.
    public func encoded() throws(WireError) -> [UInt8] {
        guard let routingInfo, !routingInfo.isEmpty else { return Self.header }
        guard routingInfo.count <= Self.longestRoutingInfo else {
            throw WireError(.notEncodable, "routing information has \(routingInfo.count) bytes, too many")
        }
        var bytes = Self.routingMark
        try Frame.appendHeader(dataByteCount: routingInfo.count, to: &bytes)
        return bytes + routingInfo + Self.header
    }

    /// Reads an intro at the start of `bytes`.
    /// - Returns: the intro and its length, or nil if more bytes are needed.
    /// - Throws: `WireError` with `malformedFrame` or `limit` as soon as the bytes cannot be an intro.
    static func read(_ bytes: ArraySlice<UInt8>) throws(WireError) -> (intro: ConnectionIntro, byteCount: Int)? {
        guard let first = bytes.first else { return nil }
        guard first == routingMark[0] else {
            return try readHeader(bytes) ? (ConnectionIntro(), header.count) : nil
        }
        guard bytes.prefix(4).elementsEqual(routingMark.prefix(bytes.count)) else {
            throw WireError(.malformedFrame, "the connection begins with no known header")
        }
        guard bytes.count >= 7 else { return nil }
        let start = bytes.startIndex
        let length = Int(bytes[start + 4]) << 16 | Int(bytes[start + 5]) << 8 | Int(bytes[start + 6])
        guard length <= longestRoutingInfo else {
            throw WireError(.limit, "routing information of \(length) bytes is too long")
        }
        guard bytes.count >= 7 + length else { return nil }
        guard try readHeader(bytes.dropFirst(7 + length)) else { return nil }
        let info = Array(bytes[(start + 7)..<(start + 7 + length)])
        return (ConnectionIntro(routingInfo: info), 7 + length + header.count)
    }

    private static func readHeader(_ bytes: ArraySlice<UInt8>) throws(WireError) -> Bool {
        guard bytes.prefix(header.count).elementsEqual(header.prefix(bytes.count)) else {
            throw WireError(.malformedFrame, "the connection begins with no known header")
        }
        return bytes.count >= header.count
    }
}
