/// Reads binary XML from memory that is not its own; each read is checked against the end.
struct NodeReader {
    private let bytes: UnsafeRawBufferPointer
    private var position = 0
    private var nodesLeft: Int
    private var attributesLeft: Int

    private init(_ bytes: UnsafeRawBufferPointer, _ limits: NodeLimits) {
        self.bytes = bytes
        nodesLeft = limits.nodes
        attributesLeft = limits.attributes
    }

    /// The one element that `bytes` hold.
    static func read(_ bytes: UnsafeRawBufferPointer, _ limits: NodeLimits) throws(WireError) -> Node {
        var reader = NodeReader(bytes, limits)
        let node = try reader.node(depthLeft: limits.depth)
        guard reader.position == bytes.count else {
            throw WireError(.malformedNode, "\(bytes.count - reader.position) bytes follow the stanza")
        }
        return node
    }

    // MARK: elements

    private mutating func node(depthLeft: Int) throws(WireError) -> Node {
        guard depthLeft > 0 else { throw WireError(.limit, "a stanza is nested too deep") }
        nodesLeft -= 1
        guard nodesLeft >= 0 else { throw WireError(.limit, "a stanza has too many elements") }
        let size = try listSize(byte())
        guard size > 0 else { throw malformed("an element is an empty list") }
        let tag = try string(byte())
        guard !tag.isEmpty else { throw malformed("an element has no tag") }
        var node = Node(tag)
        try readAttributes((size - 1) / 2, into: &node.attributes)
        if size & 1 == 0 { node.content = try content(byte(), depthLeft: depthLeft - 1) }
        return node
    }

    private mutating func readAttributes(_ count: Int, into attributes: inout Node.Attributes) throws(WireError) {
        guard count > 0 else { return }
        attributesLeft -= count
        guard attributesLeft >= 0 else { throw WireError(.limit, "a stanza has too many attributes") }
        // Each takes at least two bytes, so that a large count alone reserves nothing.
        guard count <= (bytes.count - position) / 2 else { throw truncated }
        attributes.reserveCapacity(count)
        for _ in 0..<count {
            let name = try string(byte())
            if let value = try value(byte()) { attributes.append(name, value) }
        }
    }

    /// A value; nil for an absent one.
    private mutating func value(_ kind: UInt8) throws(WireError) -> Node.Value? {
        switch kind {
        case NodeByte.listEmpty: nil
        case NodeByte.interopJID...NodeByte.deviceJID, NodeByte.jidPair: .jid(try jid(kind))
        default: .text(try string(kind))
        }
    }

    private mutating func content(_ kind: UInt8, depthLeft: Int) throws(WireError) -> Node.Content {
        switch kind {
        case NodeByte.listEmpty: return .nodes([])
        case NodeByte.list8, NodeByte.list16:
            let count = try listSize(kind)
            // An element takes at least two bytes.
            guard count <= (bytes.count - position) / 2 else { throw truncated }
            guard count <= nodesLeft else { throw WireError(.limit, "a stanza has too many elements") }
            var nodes: [Node] = []
            nodes.reserveCapacity(count)
            for _ in 0..<count { nodes.append(try node(depthLeft: depthLeft)) }
            return .nodes(nodes)
        case NodeByte.binary8, NodeByte.binary20, NodeByte.binary32:
            let range = try binary(kind)
            return .bytes(Array(UnsafeRawBufferPointer(rebasing: bytes[range])))
        case NodeByte.interopJID...NodeByte.deviceJID, NodeByte.jidPair:
            return .text(try jid(kind).description)
        default: return .text(try string(kind))
        }
    }

    // MARK: strings

    private mutating func string(_ kind: UInt8) throws(WireError) -> String {
        switch kind {
        case 1..<NodeByte.dictionary0: return TokenTable.single[Int(kind)]
        case NodeByte.dictionary0...NodeByte.dictionary3:
            return TokenTable.double[Int(kind - NodeByte.dictionary0) << 8 | Int(try byte())]
        case NodeByte.binary8, NodeByte.binary20, NodeByte.binary32:
            let range = try binary(kind)
            return String(decoding: UnsafeRawBufferPointer(rebasing: bytes[range]), as: UTF8.self)
        case NodeByte.nibble8, NodeByte.hex8: return try packed(isHex: kind == NodeByte.hex8)
        default: throw malformed("byte \(kind) stands where a string must be")
        }
    }

    private mutating func packed(isHex: Bool) throws(WireError) -> String {
        let head = try byte()
        let range = try take(Int(head & 0x7F))
        let count = 2 * range.count - Int(head >> 7)
        guard count >= 0 else { throw malformed("a packed string has less than no characters") }
        let source = UnsafeRawBufferPointer(rebasing: bytes[range])
        var isValid = true
        let text = String(unsafeUninitializedCapacity: count) { output in
            for index in 0..<count {
                let digit = index & 1 == 0 ? source[index / 2] >> 4 : source[index / 2] & 15
                switch digit {
                case 0...9: output[index] = 0x30 + digit
                case _ where isHex: output[index] = 0x41 + digit - 10
                case 10, 11: output[index] = 0x2D + digit - 10
                default:
                    isValid = false
                    return 0
                }
            }
            return count
        }
        guard isValid else { throw malformed("a packed string has a digit that stands for nothing") }
        return text
    }

    // MARK: addresses

    private mutating func jid(_ kind: UInt8) throws(WireError) -> JID {
        switch kind {
        case NodeByte.deviceJID:
            let domain = try byte()
            let device = UInt16(try byte())
            let user = try string(byte())
            guard !user.isEmpty else { throw malformed("a device's address has no user") }
            guard let server = JID.Server(domain: domain) else {
                return JID(user, .phoneNumber, device: device, agent: domain)
            }
            return JID(user, server, device: device)
        case NodeByte.messengerJID:
            let user = try string(byte())
            let device = try number16()
            return JID(user, try server(), device: device)
        case NodeByte.interopJID:
            let user = try string(byte())
            let device = try number16()
            let integrator = try number16()
            return JID(user, try server(), device: device, integrator: integrator)
        default:
            let first = try byte()
            let user = first == NodeByte.listEmpty ? "" : try string(first)
            let server = try server()
            // A user's name with a device in it would be another name for the same device.
            if user.utf8.contains(0x3A) { return try JID(userPart: Substring(user), server: server) }
            return JID(user, server)
        }
    }

    private mutating func server() throws(WireError) -> JID.Server {
        let name = try string(byte())
        guard !name.isEmpty else { throw malformed("an address has no server") }
        return JID.Server(name)
    }

    // MARK: numbers

    private mutating func byte() throws(WireError) -> UInt8 {
        guard position < bytes.count else { throw truncated }
        defer { position += 1 }
        return bytes[position]
    }

    private mutating func number16() throws(WireError) -> UInt16 {
        let high = try byte()
        return UInt16(high) << 8 | UInt16(try byte())
    }

    private mutating func listSize(_ kind: UInt8) throws(WireError) -> Int {
        switch kind {
        case NodeByte.listEmpty: 0
        case NodeByte.list8: Int(try byte())
        case NodeByte.list16: Int(try number16())
        default: throw malformed("byte \(kind) stands where a list must be")
        }
    }

    /// The range of a byte string, which lies within the bytes.
    private mutating func binary(_ kind: UInt8) throws(WireError) -> Range<Int> {
        var count = Int(try byte())
        if kind == NodeByte.binary20 {
            count = (count & 15) << 16 | Int(try number16())
        } else if kind == NodeByte.binary32 {
            count = count << 24 | Int(try byte()) << 16
            count |= Int(try number16())
        }
        return try take(count)
    }

    private mutating func take(_ count: Int) throws(WireError) -> Range<Int> {
        guard count <= bytes.count - position else { throw truncated }
        defer { position += count }
        return position..<(position + count)
    }

    private var truncated: WireError { malformed("it ends too early") }

    private func malformed(_ what: String) -> WireError {
        WireError(.malformedNode, "a stanza is malformed near byte \(position): \(what)")
    }
}
