import Foundation
import Testing

@testable import WhatsAppWire

@Suite struct JIDTests {
    @Test(arguments: [
        ("15550000001@s.whatsapp.net", JID.phoneNumber("15550000001")),
        ("15550000001:7@s.whatsapp.net", .phoneNumber("15550000001", device: 7)),
        ("799454487762298:1@lid", .lid("799454487762298", device: 1)),
        ("120363236571169972@g.us", .group("120363236571169972")),
        ("15550000001-1600000000@g.us", .group("15550000001-1600000000")),
        ("status@broadcast", .status),
        ("s.whatsapp.net", .whatsApp),
        ("12.9:3@s.whatsapp.net", JID("12", .phoneNumber, device: 3, agent: 9)),
        ("1@strange.server", JID("1", JID.Server("strange.server"))),
    ])
    func `text and address are each other's form`(text: String, jid: JID) throws {
        #expect(try JID(parsing: text) == jid)
        #expect(jid.description == text)
        #expect(try JSONDecoder().decode([JID].self, from: JSONEncoder().encode([jid])) == [jid])
    }

    @Test func `an agent of 0 is none`() throws {
        #expect(try JID(parsing: "12.0:3@lid") == .lid("12", device: 3))
    }

    @Test(arguments: [
        "", "@", "1@", "1@2@lid", "1:@lid", ":1@lid", "1:x@lid", "1:65536@lid", "1:-1@lid", "1:1:1@lid", "1.x@lid",
        ".1@lid", "1.256@lid", "1.1.1@lid",
    ])
    func `text that is no address is refused`(text: String) {
        #expect(code { _ = try JID(parsing: text) } == .malformedJID)
        #expect(JID(text) == nil)
    }

    @Test func `a text that is too long is refused`() {
        #expect(JID(String(repeating: "1", count: 300) + "@lid") == nil)
    }

    @Test func `Signal names carry the domain`() {
        #expect(JID.phoneNumber("12", device: 3).signalName == "12")
        #expect(JID.lid("12", device: 3).signalName == "12_1")
        #expect(JID("12", .hosted).signalName == "12_128")
        #expect(JID("12", .hostedLID).signalName == "12_129")
    }

    @Test func `kinds are told apart`() {
        #expect(JID.phoneNumber("1").isUser && JID.lid("1").isUser && !JID.group("1").isUser && !JID.whatsApp.isUser)
        #expect(JID.lid("1").isLID && JID("1", .hostedLID).isLID && !JID.phoneNumber("1").isLID)
        #expect(JID.group("1").isGroup && !JID.groups.isGroup && JID.groups.isServer)
        #expect(JID.status.isBroadcast && JID("1", .newsletter).isNewsletter && JID("1", .bot).isBot)
        #expect(JID.lid("1", device: 4).withoutDevice == .lid("1"))
        #expect(JID("1", .hostedLID, device: 99).withoutDevice == .lid("1"))
        #expect(JID("1", .hosted, device: 99).withoutDevice == .phoneNumber("1"))
        #expect(JID.lid("1").device(like: JID("2", .hosted, device: 99)) == JID("1", .hostedLID, device: 99))
        #expect(JID.lid("1").device(like: .phoneNumber("2", device: 3)) == .lid("1", device: 3))
        #expect(JID.lid("1").with(device: 4) == .lid("1", device: 4))
    }

    @Test func `participant hashes are those of the vectors, in any order`() throws {
        for vector in try Vectors.load().phash {
            let jids = try vector.jids.map { try JID(parsing: $0) }
            #expect(ParticipantHash.hash(of: jids) == vector.phash)
            #expect(ParticipantHash.hash(of: jids.reversed()) == vector.phash)
        }
    }

    @Test func `ids have WhatsApp's form and differ`() {
        let one = MessageID.make(user: "15550000001", seconds: 1_700_000_000, random: [UInt8](repeating: 1, count: 16))
        let two = MessageID.make(user: "15550000001", seconds: 1_700_000_000, random: [UInt8](repeating: 2, count: 16))
        #expect(one.hasPrefix("3EB0") && one.count == 22 && one != two)
        #expect(one.dropFirst(4).allSatisfy { "0123456789ABCDEF".contains($0) })
        var ids = RequestIDs(random: (17, 203))
        #expect(ids.next() == "17.203-1")
        #expect(ids.next() == "17.203-2")
    }
}
