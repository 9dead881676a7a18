import Testing

@testable import WhatsAppWire

@Suite struct NodeVectorTests {
    /// The stanzas of the vectors, built by hand.
    static let nodes: [String: Node] = [
        "ping": Node("iq", ["id": "1.2-3", "xmlns": "w:p", "type": "get", "to": .jid(.whatsApp)]),
        "count": Node(
            "iq", ["id": "1.2-4", "xmlns": "encrypt", "type": "get", "to": .jid(.whatsApp)], [Node("count")]),
        "ad_jid": Node("to", ["jid": .jid(.phoneNumber("15550000001", device: 7))]),
        "ad_lid": Node("to", ["jid": .jid(.lid("799454487762298", device: 1))]),
        "bare_lid": Node("to", ["jid": .jid(.lid("799454487762298"))]),
        "group": Node("message", ["to": .jid(.group("120363236571169972")), "id": "3EB0AF0123", "type": "text"]),
        "bytes": Node("ref", utf8: "2@abc"),
        "bytes_256": Node("enc", ["v": "2", "type": "pkmsg"], bytes: Array(0...255)),
        "string_content": Node("x", content: .text("some text")),
        "hex_odd": Node("x", ["id": "ABC"]),
        "nibble": Node("x", ["id": "12-3.4"]),
        "double_byte_token": Node("x", ["type": "read-self"]),
        "utf8": Node("x", ["name": "Zoë ☃"]),
        "list_256": Node("list", (0..<256).map { _ in Node("item") }),
    ]

    /// A text that has no shorter form goes as bytes, and nobody can tell afterwards that it was a text.
    private func asRead(_ node: Node) throws -> Node {
        var node = node
        switch node.content {
        case .text(let text):
            let form = try Node("x", content: node.content).encoded()[6]
            if (NodeByte.binary8...NodeByte.binary32).contains(form) { node.content = .bytes(Array(text.utf8)) }
        case .nodes(let children): node.content = .nodes(try children.map(asRead))
        case .empty, .bytes: break
        }
        return node
    }

    @Test func `every vector is written byte for byte and read back`() throws {
        let vectors = try Vectors.load().binaryXml
        #expect(vectors.count == Self.nodes.count)
        for vector in vectors {
            let node = try #require(Self.nodes[vector.name])
            let bytes = [UInt8](hex: vector.hex)
            #expect(try node.encoded() == bytes, "\(vector.name)")
            #expect(try Node(decoding: bytes) == asRead(node), "\(vector.name)")
        }
    }

    @Test func `every vector cut at any byte is refused`() throws {
        for vector in try Vectors.load().binaryXml {
            let bytes = [UInt8](hex: vector.hex)
            for end in 0..<bytes.count {
                #expect(
                    code { _ = try Node(decoding: Array(bytes[..<end])) } == .malformedNode, "\(vector.name) \(end)")
            }
            #expect(code { _ = try Node(decoding: bytes + [0]) } == .malformedNode)
        }
    }

    @Test func `every vector with any bit flipped is read or refused`() throws {
        for vector in try Vectors.load().binaryXml {
            let bytes = [UInt8](hex: vector.hex)
            for index in bytes.indices {
                for bit in 0..<8 {
                    var damaged = bytes
                    damaged[index] ^= 1 << bit
                    if let node = try? Node(decoding: damaged) { _ = node.description }
                }
            }
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `what is written is read back the same`(seed: UInt64) throws {
        var nodes = RandomNodes(seed: seed)
        for _ in 0..<500 {
            let node = nodes.node()
            #expect(try Node(decoding: node.encoded()) == asRead(node))
            #expect(try Node(decoding: node.encoded(compressingAbove: 20)) == asRead(node))
        }
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `damaged stanzas are read or refused, and what is read can be written and read again`(seed: UInt64) throws {
        var nodes = RandomNodes(seed: seed)
        for _ in 0..<2_000 {
            var bytes = try nodes.node().encoded()
            for _ in 0..<3 { nodes.random.damage(&bytes) }
            guard let node = try? Node(decoding: bytes), let again = try? node.encoded() else { continue }
            #expect(try Node(decoding: again).encoded() == again)
        }
    }
}
