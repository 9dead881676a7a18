import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

struct GroupNewsTests {
    private static let group = JID.group("120363000000000001")
    private static let dana = JID.lid("101")
    private static let omer = JID.lid("102")
    private static let now = Date(timeIntervalSince1970: 1_000)

    private func news(_ children: [Node]) -> [GroupNews] {
        let node = Node(
            "notification",
            ["from": .jid(Self.group), "type": "w:gp2", "id": "A1", "t": "900", "participant": .jid(Self.dana)],
            children)
        return GroupNews.all(in: node, at: Self.now)
    }

    private func member(_ jid: JID, _ role: Node.Value? = nil) -> Node {
        Node("participant", ["jid": .jid(jid), "phone_number": .jid(.phoneNumber("1555" + jid.user)), "type": role])
    }

    private func info() throws -> GroupInfo {
        try GroupInfo(
            Node(
                "group", ["id": "120363000000000001", "addressing_mode": "lid", "subject": "Plans"],
                [member(Self.dana, "superadmin"), member(Self.omer)]))
    }

    @Test func `each element is one event with an id of its own`() {
        let all = news([Node("locked"), Node("promote", [:], [member(Self.omer)]), Node("new_thing")])
        #expect(all.map(\.event.change) == [.locked(true), .promoted([Self.omer]), .other("new_thing")])
        #expect(all.map(\.event.id) == ["A1", "A1/1", "A1/2"])
        #expect(all.allSatisfy { $0.event.author == Self.dana && $0.event.at == Date(timeIntervalSince1970: 900) })
    }

    @Test func `a notification without a group says nothing`() {
        let node = Node("notification", ["from": .jid(Self.dana), "id": "A1"], [Node("locked")])
        #expect(GroupNews.all(in: node, at: Self.now).isEmpty)
    }

    @Test func `roles follow promotions and demotions, by either address`() throws {
        let promoted = try #require(
            try info().applying(
                news([Node("promote", [:], [Node("participant", ["jid": .jid(.phoneNumber("1555102"))])])])[0], own: [])
        )
        #expect(promoted.role(of: Self.omer) == .admin)
        let demoted = try #require(promoted.applying(news([Node("demote", [:], [member(Self.omer)])])[0], own: []))
        #expect(demoted.role(of: .phoneNumber("1555102")) == .member)
    }

    @Test func `members come and go`() throws {
        let added = news([Node("add", [:], [member(.lid("103")), member(Self.omer)])])[0]
        let more = try #require(try info().applying(added, own: []))
        #expect(more.participants.map(\.jid) == [Self.dana, .lid("103"), Self.omer])
        let removed = news([Node("remove", [:], [member(Self.omer)])])[0]
        #expect(removed.endsOwnKey)
        #expect(try #require(more.applying(removed, own: [])).participants.count == 2)
        #expect(more.applying(removed, own: [Self.omer]) == nil)
    }

    @Test func `what is not understood makes the group be asked for anew`() throws {
        var table = GroupTable()
        table[Self.group] = try info()
        let before = table.generation(of: Self.group)
        table.apply(news([Node("modify")])[0], own: [])
        #expect(table[Self.group] == nil)
        #expect(table.generation(of: Self.group) != before)
    }

    @Test func `settings follow`() throws {
        var info = try info()
        let changes = [
            Node("not_announcement"), Node("announcement"), Node("ephemeral", ["expiration": "604800"]),
            Node("description", ["id": "D1"], [Node("body", utf8: "about")]),
            Node("membership_approval_mode", [:], [Node("group_join", ["state": "on"])]), Node("invite", ["code": "x"]),
        ]
        for item in news(changes) { info = try #require(info.applying(item, own: [])) }
        #expect(info.isAnnouncement && info.needsApproval && info.disappearsAfter == .seconds(604_800))
        #expect(info.description == "about" && info.descriptionID == "D1")
        let gone = news([Node("description", ["id": "D2"], [Node("delete")]), Node("not_ephemeral")])
        for item in gone { info = try #require(info.applying(item, own: [])) }
        #expect(info.description == nil && info.disappearsAfter == nil)
    }

    @Test func `codes are taken from links`() throws {
        #expect(try GroupInviteCode.code(in: "https://chat.whatsapp.com/AbC123?mode=x") == "AbC123")
        #expect(try GroupInviteCode.code(in: "AbC123") == "AbC123")
        #expect(throws: WebError.self) { try GroupInviteCode.code(in: "") }
        #expect(throws: WebError.self) { try GroupInviteCode.code(in: "a b") }
    }

    @Test func `orders have the form that servers take`() {
        #expect(GroupRequest.disappearing(nil) == Node("not_ephemeral"))
        #expect(GroupRequest.disappearing(.seconds(86_400)).text("expiration") == "86400")
        let gone = GroupRequest.description(nil, id: "D2", previous: "D1")
        #expect(gone.text("delete") == "true" && gone.text("prev") == "D1")
        let create = GroupRequest.create("Plans", [Self.omer], tokens: [Self.omer: [1, 2]])
        #expect(create.descendant("create", "participant", "privacy")?.bytes == [1, 2])
        let answer = GroupRequest.answer([Self.omer], isLetIn: false, of: Self.group)
        #expect(answer.descendant("membership_requests_action", "reject", "participant") != nil)
    }
}
