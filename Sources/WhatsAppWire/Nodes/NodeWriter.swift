/// Writes binary XML in the canonical form: the shortest that WhatsApp's clients use for each string.
struct NodeWriter {
    private(set) var output: [UInt8]

    /// A writer behind what `output` holds already.
    init(appendingTo output: [UInt8] = []) { self.output = output }

    /// Appends an element.
    /// - Throws: `WireError` with `notEncodable` or `limit`.
    mutating func write(_ node: Node, depthLeft: Int = NodeLimits().depth) throws(WireError) {
        guard depthLeft > 0 else { throw WireError(.limit, "a stanza is nested too deep") }
        var attributes = 0
        for entry in node.attributes.entries where !entry.value.isEmpty { attributes += 1 }
        let hasContent = if case .empty = node.content { 0 } else { 1 }
        try writeList(1 + 2 * attributes + hasContent)
        try writeString(node.tag)
        for entry in node.attributes.entries where !entry.value.isEmpty {
            try writeString(entry.name)
            switch entry.value {
            case .text(let text): try writeString(text)
            case .jid(let jid): try writeJID(jid)
            }
        }
        switch node.content {
        case .empty: break
        case .bytes(let bytes):
            try writeByteCount(bytes.count)
            output.append(contentsOf: bytes)
        case .text(let text): try writeString(text)
        case .nodes(let nodes):
            try writeList(nodes.count)
            for child in nodes { try write(child, depthLeft: depthLeft - 1) }
        }
    }

    private mutating func writeList(_ count: Int) throws(WireError) {
        switch count {
        case 0: output.append(NodeByte.listEmpty)
        case ..<256:
            output.append(NodeByte.list8)
            output.append(UInt8(truncatingIfNeeded: count))
        case ..<65_536:
            output.append(NodeByte.list16)
            output.append(UInt8(truncatingIfNeeded: count >> 8))
            output.append(UInt8(truncatingIfNeeded: count))
        default: throw WireError(.notEncodable, "a list holds at most 65535 entries, not \(count)")
        }
    }

    private mutating func writeByteCount(_ count: Int) throws(WireError) {
        switch count {
        case ..<256:
            output.append(NodeByte.binary8)
        case ..<(1 << 20):
            output.append(NodeByte.binary20)
            output.append(UInt8(truncatingIfNeeded: count >> 16))
            output.append(UInt8(truncatingIfNeeded: count >> 8))
        case ..<Int(Int32.max):
            output.append(NodeByte.binary32)
            output.append(UInt8(truncatingIfNeeded: count >> 24))
            output.append(UInt8(truncatingIfNeeded: count >> 16))
            output.append(UInt8(truncatingIfNeeded: count >> 8))
        default: throw WireError(.notEncodable, "\(count) bytes are too many for one element")
        }
        output.append(UInt8(truncatingIfNeeded: count))
    }

    // MARK: strings

    private mutating func writeString(_ text: String) throws(WireError) {
        let code = Token.code(of: text)
        if code != 0 {
            if code >= 256 { output.append(NodeByte.dictionary0 - 1 + UInt8(truncatingIfNeeded: code >> 8)) }
            output.append(UInt8(truncatingIfNeeded: code))
            return
        }
        var copy = text
        let count = text.utf8.count
        if count > 0, count <= NodeByte.longestPacked, copy.withUTF8({ writePacked($0) }) { return }
        try writeByteCount(count)
        copy.withUTF8 { output.append(contentsOf: $0) }
    }

    /// Packs the text if all of its characters allow that; digits alone take the first of the two forms.
    private mutating func writePacked(_ text: UnsafeBufferPointer<UInt8>) -> Bool {
        var canNibble = true
        var canHex = true
        for character in text where !(0x30...0x39).contains(character) {
            switch character {
            case 0x2D, 0x2E: canHex = false
            case 0x41...0x46: canNibble = false
            default: return false
            }
        }
        guard canNibble || canHex else { return false }
        output.append(canNibble ? NodeByte.nibble8 : NodeByte.hex8)
        let odd = text.count & 1
        output.append(UInt8(truncatingIfNeeded: (text.count + odd) / 2 | odd << 7))
        var index = 0
        while index < text.count {
            let low = index + 1 < text.count ? digit(text[index + 1]) : 15
            output.append(digit(text[index]) << 4 | low)
            index += 2
        }
        return true
    }

    private func digit(_ character: UInt8) -> UInt8 {
        switch character {
        case 0x2D, 0x2E: character - 0x2D + 10
        case 0x41...0x46: character - 0x41 + 10
        default: character & 15
        }
    }

    // MARK: addresses

    private mutating func writeJID(_ jid: JID) throws(WireError) {
        switch jid.server {
        case .messenger:
            output.append(NodeByte.messengerJID)
            try writeString(jid.user)
            write16(jid.device)
            try writeString(jid.server.name)
        case .interop:
            output.append(NodeByte.interopJID)
            try writeString(jid.user)
            write16(jid.device)
            write16(jid.integrator)
            try writeString(jid.server.name)
        case .hosted, .hostedLID: try writeDevice(jid)
        default:
            if jid.server.domain != nil, jid.device != 0 || jid.agent != 0 { return try writeDevice(jid) }
            guard jid.device == 0, jid.agent == 0 else {
                throw WireError(.notEncodable, "an address at \(jid.server) cannot have a device")
            }
            output.append(NodeByte.jidPair)
            if jid.user.isEmpty {
                output.append(NodeByte.listEmpty)
            } else {
                try writeString(jid.user)
            }
            try writeString(jid.server.name)
        }
    }

    private mutating func writeDevice(_ jid: JID) throws(WireError) {
        guard let device = UInt8(exactly: jid.device) else {
            throw WireError(.notEncodable, "a device's number must be below 256, is \(jid.device)")
        }
        output.append(NodeByte.deviceJID)
        output.append(jid.domain)
        output.append(device)
        try writeString(jid.user)
    }

    private mutating func write16(_ number: UInt16) {
        output.append(UInt8(truncatingIfNeeded: number >> 8))
        output.append(UInt8(truncatingIfNeeded: number))
    }
}
