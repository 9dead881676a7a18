import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

struct MessageReceiptTests {
    private let own: [JID] = [.phoneNumber("15550000001"), .lid("799454487762298")]
    private let dana = JID.phoneNumber("15550000002")
    private let group = JID.group("120363000000000001")
    private let now = Date(timeIntervalSince1970: 1_800_000_000)

    private func read(_ attributes: Node.Attributes, _ children: [Node] = []) -> [MessageReceipt] {
        MessageReceipt.all(in: Node("receipt", attributes, children), own: own, at: now)
    }

    @Test func `one receipt names a message and those beside it`() {
        let list = Node("list", [:], [Node("item", ["id": "B"]), Node("item", ["id": "C"])])
        let receipts = read(["from": .jid(dana), "id": "A", "type": "read", "t": "1700000000"], [list])
        #expect(receipts.map(\.messageIDs) == [["A", "B", "C"]])
        #expect(receipts.first?.kind == .read)
        #expect(receipts.first?.at == Date(timeIntervalSince1970: 1_700_000_000))
    }

    @Test func `a group's receipts come together and are each a member's`() {
        func users(_ numbers: [String]) -> [Node] {
            numbers.map { Node("user", ["jid": .jid(.phoneNumber($0, device: 3)), "t": "1700000000"]) }
        }
        let receipts = read(
            ["from": .jid(group), "id": "A"],
            [
                Node("participants", ["key": "A"], users(["15550000002", "15550000001"])),
                Node("participants", ["key": "B"], users(["15550000003"]) + [Node("user", ["t": "1"])]),
            ])
        #expect(receipts.map(\.messageIDs) == [["A"], ["B"]])
        #expect(receipts.map(\.sender) == [dana, .phoneNumber("15550000003")])
        #expect(receipts.allSatisfy { $0.chat == group && $0.kind == .delivered && !$0.isFromMe })
    }

    @Test func `what our own devices have is no news, what they have read is`() {
        let me = JID.phoneNumber("15550000001", device: 4)
        #expect(read(["from": .jid(me), "id": "A"]).isEmpty)
        let seen = read(["from": .jid(me), "id": "A", "type": "read-self", "recipient": .jid(dana)])
        #expect(seen.map(\.chat) == [dana] && seen.allSatisfy(\.isFromMe))
    }

    @Test(arguments: ["retry", "sender", "hist_sync", "unheard"])
    func `other receipts say nothing about a message`(type: String) {
        #expect(read(["from": .jid(dana), "id": "A", "type": .text(type)]).isEmpty)
    }

    @Test func `a damaged one says nothing`() {
        #expect(read(["id": "A"]).isEmpty)
        #expect(read(["from": .jid(dana)]).isEmpty)
        #expect(read(["from": .jid(group), "id": "A"], [Node("participants", [:], [Node("user")])]).isEmpty)
    }
}
