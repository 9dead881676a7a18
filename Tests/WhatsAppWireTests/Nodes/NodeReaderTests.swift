import Testing

@testable import WhatsAppWire

@Suite struct NodeReaderTests {
    /// Reads `<x id=…>` whose value has the bytes `value`.
    private func attribute(_ value: [UInt8]) throws -> Node.Value? {
        try Node(decoding: [0, 248, 3, 252, 1, 0x78, 8] + value).attributes["id"]
    }

    /// Reads `<x>` whose content has the bytes `content`.
    private func content(_ content: [UInt8]) throws -> Node.Content {
        try Node(decoding: [0, 248, 2, 252, 1, 0x78] + content).content
    }

    @Test func `every byte in the place of a string is a token, a form, or refused`() throws {
        for byte in UInt8.min...UInt8.max {
            let value = try? attribute([byte])
            switch byte {
            case 0: #expect(value == .some(nil))
            case 1...235: #expect(value == .text(TokenTable.single[Int(byte)]))
            default: #expect(value == .none, "byte \(byte) needs more")
            }
        }
        for dictionary in 0..<4 {
            for index in 0..<256 {
                let bytes = [UInt8(236 + dictionary), UInt8(index)]
                #expect(try attribute(bytes) == .text(TokenTable.double[dictionary * 256 + index]))
            }
        }
    }

    @Test func `every address form is read`() throws {
        let digits: [UInt8] = [255, 1, 0x12]
        #expect(try attribute([250] + digits + [3]) == .jid(.phoneNumber("12")))
        #expect(try attribute([250, 0, 3]) == .jid(.whatsApp))
        #expect(try attribute([247, 0, 5] + digits) == .jid(.phoneNumber("12", device: 5)))
        #expect(try attribute([247, 1, 5] + digits) == .jid(.lid("12", device: 5)))
        #expect(try attribute([247, 128, 5] + digits) == .jid(JID("12", .hosted, device: 5)))
        #expect(try attribute([247, 129, 5] + digits) == .jid(JID("12", .hostedLID, device: 5)))
        #expect(try attribute([247, 9, 5] + digits) == .jid(JID("12", .phoneNumber, device: 5, agent: 9)))
        let messenger: [UInt8] = [252, 4] + Array("msgr".utf8)
        #expect(try attribute([246] + digits + [1, 2] + messenger) == .jid(JID("12", .messenger, device: 258)))
        let interop: [UInt8] = [252, 7] + Array("interop".utf8)
        #expect(
            try attribute([245] + digits + [0, 2, 1, 0] + interop)
                == .jid(JID("12", .interop, device: 2, integrator: 256)))
    }

    @Test func `a device inside a user's name is the same device`() throws {
        let user: [UInt8] = [252, 4] + Array("12:3".utf8)
        #expect(try attribute([250] + user + [3]) == .jid(.phoneNumber("12", device: 3)))
        let bad: [UInt8] = [252, 4] + Array("12:x".utf8)
        #expect(code { _ = try attribute([250] + bad + [3]) } == .malformedJID)
    }

    @Test func `byte strings of every length form are read`() throws {
        #expect(try content([252, 0]) == .bytes([]))
        #expect(try content([252, 2, 1, 2]) == .bytes([1, 2]))
        #expect(try content([253, 0, 0, 2, 1, 2]) == .bytes([1, 2]))
        #expect(try content([253, 0xF0, 0, 2, 1, 2]) == .bytes([1, 2]), "only the low 20 bits count")
        #expect(try content([254, 0, 0, 0, 2, 1, 2]) == .bytes([1, 2]))
        #expect(code { _ = try content([254, 255, 255, 255, 255, 1]) } == .malformedNode)
        let long = [UInt8](repeating: 7, count: 70_000)
        #expect(try Node(decoding: Node("x", bytes: long).encoded()).bytes == long)
        let longer = [UInt8](repeating: 7, count: 1 << 20)
        #expect(try Node(decoding: Node("x", bytes: longer).encoded()).bytes == longer)
    }

    @Test func `content can be a token, packed, an address, an empty list or elements`() throws {
        #expect(try content([19]) == .text("message"))
        #expect(try content([255, 0x82, 0x12, 0x3F]) == .text("123"))
        #expect(try content([251, 0x01, 0xAB]) == .text("AB"))
        #expect(try content([250, 0, 3]) == .text("s.whatsapp.net"))
        #expect(try content([0]) == .nodes([]))
        #expect(try content([248, 1, 248, 1, 19]) == .nodes([Node("message")]))
        #expect(try content([249, 0, 1, 249, 0, 1, 19]) == .nodes([Node("message")]))
    }

    @Test func `packed digits that stand for nothing are refused`() throws {
        #expect(code { _ = try attribute([255, 1, 0x1C]) } == .malformedNode)
        #expect(code { _ = try attribute([255, 1, 0xF1]) } == .malformedNode)
        #expect(code { _ = try attribute([255, 0x80]) } == .malformedNode)
        #expect(try attribute([255, 0]) == .text(""))
    }

    @Test func `elements without a tag, lists in the wrong place and unknown bytes are refused`() {
        for bytes: [UInt8] in [
            [0], [], [0, 0], [0, 248, 0], [0, 248, 1, 0], [0, 248, 1, 252, 0], [0, 248, 1, 248, 1, 19], [0, 3],
            [0, 248, 3, 19, 248, 1, 19, 8], [0, 248, 1, 240], [0, 248, 1, 244],
        ] {
            #expect(code { _ = try Node(decoding: bytes) } == .malformedNode, "\(bytes)")
        }
    }

    @Test func `a stanza nested deeper than the limit is refused without overflowing the stack`() {
        var bytes: [UInt8] = [0]
        for _ in 0..<100_000 { bytes += [248, 2, 19, 248, 1] }
        bytes += [248, 1, 19]
        #expect(code { _ = try Node(decoding: bytes) } == .limit)
    }

    @Test func `a small stanza cannot claim many elements or attributes`() {
        #expect(code { _ = try Node(decoding: [0, 248, 2, 19, 249, 255, 255, 248, 1, 19]) } == .malformedNode)
        #expect(code { _ = try Node(decoding: [0, 249, 255, 255, 19, 8, 8]) } == .malformedNode)
        var many: [UInt8] = [0, 248, 2, 19, 249, 4, 0]
        for _ in 0..<1024 { many += [248, 1, 19] }
        #expect(code { _ = try Node(decoding: many, limits: NodeLimits(nodes: 1_000)) } == .limit)
        var attributes: [UInt8] = [0, 248, 101, 19]
        for _ in 0..<50 { attributes += [8, 8] }
        #expect(code { _ = try Node(decoding: attributes, limits: NodeLimits(attributes: 49)) } == .limit)
    }

    @Test func `a compressed stanza that grows beyond the limit is refused`() throws {
        let node = Node("x", bytes: [UInt8](repeating: 0, count: 1_000_000))
        let bytes = try node.encoded(compressingAbove: 0)
        #expect(bytes.count < 2_000)
        #expect(try Node(decoding: bytes) == node)
        #expect(code { _ = try Node(decoding: bytes, limits: NodeLimits(inflatedBytes: 100_000)) } == .limit)
        #expect(code { _ = try Node(decoding: Array(bytes.dropLast(5))) } == .compression)
    }

    @Test func `bytes that are no UTF-8 become a readable string`() throws {
        #expect(try attribute([252, 2, 0xFF, 0x41]) == .text("\u{FFFD}A"))
    }
}
