import Testing

@testable import WhatsAppWire

@Suite struct NodeWriterTests {
    @Test func `empty attributes are left out`() throws {
        #expect(try Node("x", ["id": "", "to": nil]).encoded() == Node("x").encoded())
    }

    @Test func `an element of no elements has no content, not an empty one`() throws {
        let none = [Node]()
        #expect(try Node("x", ["id": "1"], none).encoded() == Node("x", ["id": "1"]).encoded())
        #expect(try Node("x", none).encoded() == Node("x").encoded())
        #expect(try Node("x", content: .nodes(none)).encoded() != Node("x").encoded())
    }

    @Test func `a text of 127 digits is packed and one of 128 is not`() throws {
        let packed = try Node("x", ["id": .text(String(repeating: "1", count: 127))]).encoded()
        #expect(packed.count == 7 + 2 + 64)
        let long = try Node("x", ["id": .text(String(repeating: "1", count: 128))]).encoded()
        #expect(long.count == 7 + 2 + 128)
    }

    @Test func `what has no form on the wire is refused`() {
        #expect(code { _ = try Node("to", ["jid": .jid(.lid("1", device: 256))]).encoded() } == .notEncodable)
        #expect(code { _ = try Node("to", ["jid": .jid(JID("1", .group, device: 1))]).encoded() } == .notEncodable)
        let items = [Node](repeating: Node("item"), count: 65_536)
        #expect(code { _ = try Node("list", items).encoded() } == .notEncodable)
        var deep = Node("x")
        for _ in 0..<40 { deep = Node("x", [deep]) }
        #expect(code { _ = try deep.encoded() } == .limit)
    }

    @Test func `hosted devices have their form also without a number`() throws {
        let node = Node("to", ["jid": .jid(JID("987654", .hosted))])
        #expect(try node.encoded() == [0, 248, 3, 17, 12, 247, 128, 0, 255, 3, 0x98, 0x76, 0x54])
    }
}
