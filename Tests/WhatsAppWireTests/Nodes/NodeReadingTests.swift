import Testing

@testable import WhatsAppWire

@Suite struct NodeReadingTests {
    let node = Node(
        "message", ["from": .jid(.lid("1", device: 2)), "id": "A1", "t": "1700000000", "to": "2@g.us", "last": "true"],
        [Node("enc", bytes: [0, 0, 1, 2]), Node("enc", utf8: "x"), Node("list", [Node("item", ["id": "B"])])])

    @Test func `attributes are read by type`() throws {
        #expect(node.text("id") == "A1")
        #expect(node.text("from") == "1:2@lid")
        #expect(node.text("none") == nil)
        #expect(try node.jid("from") == .lid("1", device: 2))
        #expect(try node.jid("to") == .group("2"))
        #expect(try node.requiredNumber("t") == 1_700_000_000)
        #expect(try node.number("none") == nil)
        #expect(node.flag("last"))
        #expect(!node.flag("none"))
    }

    @Test func `missing and malformed attributes have errors of their own`() {
        #expect(code { _ = try node.requiredText("none") } == .missing)
        #expect(code { _ = try node.requiredJID("none") } == .missing)
        #expect(code { _ = try node.requiredNumber("none") } == .missing)
        #expect(code { _ = try node.requiredNumber("id") } == .unexpected)
        #expect(code { _ = try node.requiredNumber("t", as: UInt16.self) } == .unexpected)
        #expect(code { _ = try Node("x", ["jid": "1:2:3@lid"]).jid("jid") } == .unexpected)
        #expect(code { _ = try node.requiredChild("none") } == .missing)
        #expect(code { _ = try node.requiredBytes() } == .missing)
    }

    @Test func `content is found by tag`() throws {
        #expect(node.children("enc").count == 2)
        #expect(try node.requiredChild("enc").requiredBytes(count: 4) == [0, 0, 1, 2])
        #expect(code { _ = try node.requiredChild("enc").requiredBytes(count: 5) } == .unexpected)
        #expect(try node.requiredChild("enc").requiredBigEndian() == 258)
        #expect(node.descendant("list", "item")?.text("id") == "B")
        #expect(node.descendant("list", "none") == nil)
        #expect(node.children[1].text == "x")
        #expect(Node("x", content: .text("Y")).bytes == [0x59])
    }

    @Test func `attributes are changed in place and keep their order`() {
        var attributes = node.attributes
        attributes["id"] = "A2"
        attributes["t"] = nil
        attributes["new"] = .number(7)
        #expect(attributes.entries.map(\.name) == ["from", "id", "to", "last", "new"])
        #expect(attributes["id"] == "A2")
    }

    @Test func `the description hides whom and what a stanza is about`() {
        let node = Node(
            "message", ["from": .jid(.phoneNumber("15550000001", device: 3)), "notify": "Dana", "type": "text"],
            [Node("body", utf8: "secret"), Node("x", content: .text("secret"))])
        #expect(
            node.description
                == #"<message from="…:3@s.whatsapp.net" notify="…" type="text"><body>6 bytes</body>"#
                + "<x>6 characters</x></message>")
        #expect(Node("presence", ["name": "Dana"]).description == #"<presence name="…"/>"#)
    }
}
