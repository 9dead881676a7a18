import Foundation
import TestKit
import Testing
import WhatsAppWeb
import WhatsAppWire

@testable import WhatsAppEmulator

/// Groups, damage, absence, other devices, and the end.
extension Meeting {
    /// Three members: our client, whatsmeow, and a phone; then whatsmeow's is removed.
    func group() async throws {
        let (group, failed) = try await dana.client.createGroup("Lab", members: [toOmer, .phoneNumber(WebPeer.noa)])
        #expect(failed.isEmpty)
        let address = group.id.description
        try await omer.wait("joined")
        let ours = try await dana.client.send(OutgoingMessage(.text("to all")), to: group.id)
        #expect(try await omer.message(ours.id).text == "to all")
        try await stage.until("noa's phone") { try await stage.texts(of: WebPeer.noa).contains("to all") }
        let theirs = try await received(omer.perform("text", ["to": address, "text": "from omer"]))
        #expect(theirs.isGroup && theirs.content.text == "from omer")
        let phone = try await stage.post(
            "/phone/send", ["account": .string(WebPeer.noa), "to": .string(address), "text": "from noa's phone"])
        let id = phone["id"]?.text ?? ""
        #expect(try await received(id).content.text == "from noa's phone")
        #expect(try await omer.message(id).text == "from noa's phone")

        try await damage(WebPeer.omer, in: group.id)
        try await damage(WebPeer.dana, in: group.id)

        try await dana.client.change([toOmer], of: group.id, .remove)
        let later = try await dana.client.send(OutgoingMessage(.text("without omer")), to: group.id)
        try await stage.until("noa's phone") { try await stage.texts(of: WebPeer.noa).contains("without omer") }
        #expect(!omer.has(later.id))
    }

    /// A message is damaged on its way, each way; it is asked for again, and comes.
    func damage() async throws {
        for count in 1...2 {
            try await damage(WebPeer.omer, count)
            try await damage(WebPeer.dana, count)
        }
    }

    /// Damages what comes next to somebody, so many times, and lets the other one write.
    private func damage(_ number: String, _ count: Int = 1, in group: JID? = nil) async throws {
        let device = "\(number):1@s.whatsapp.net"
        try await stage.post("/corrupt", ["jid": .string(device), "count": .integer(count)])
        let text = "damaged \(count) times"
        if number == WebPeer.omer {
            let id = try await dana.client.send(OutgoingMessage(.text(text)), to: group ?? toOmer).id
            damaged.note(id)
            #expect(try await omer.message(id).text == text)
            #expect(omer.unreadable.count { $0 == id } == count)
        } else {
            let id = try await omer.perform("text", ["to": group?.description ?? number, "text": text])
            damaged.note(id)
            #expect(try await received(id).content.text == text)
        }
    }

    /// The connection of either ends; what was sent meanwhile waits.
    func absence() async throws {
        let before = dana.heard.online
        try await stage.post("/drop", ["jid": .string("\(WebPeer.dana):1@s.whatsapp.net"), "code": "503"])
        var ids: [String] = []
        for number in 1...3 {
            ids.append(try await omer.perform("text", ["to": WebPeer.dana, "text": "while away \(number)"]))
        }
        try await stage.until("dana to be online again") { dana.heard.online > before }
        for (number, id) in ids.enumerated() {
            #expect(try await received(id).content.text == "while away \(number + 1)")
        }
        let start = omer.count
        try await stage.post("/drop", ["jid": .string("\(WebPeer.omer):1@s.whatsapp.net"), "code": "503"])
        let sent = try await dana.client.send(OutgoingMessage(.text("while omer is away")), to: toOmer)
        try await omer.wait("online", since: start)
        #expect(try await omer.message(sent.id).text == "while omer is away")
    }

    /// Dana links whatsmeow as a second device.
    func secondDevice() async throws {
        let second = try WhatsmeowPeer("dana2", in: folder)
        defer { second.stop() }
        let qr = try await second.wait("qr").text ?? ""
        try await stage.post("/qr/scan", ["qr": .string(qr), "account": .string(WebPeer.dana)])
        try await second.wait("online")
        try await omer.perform("text", ["to": WebPeer.dana, "text": "to an old list"])
        let both = try await omer.perform("text", ["to": WebPeer.dana, "text": "to both"])
        #expect(try await received(both).content.text == "to both")
        #expect(try await second.message(both).text == "to both")
        let own = try await dana.client.send(OutgoingMessage(.text("from the first")), to: toOmer)
        #expect(try await second.message(own.id).own == true)
        let theirs = try await second.perform("text", ["to": WebPeer.omer, "text": "from the second"])
        #expect(try await omer.message(theirs).text == "from the second")
        #expect(try await received(theirs).isFromMe)
        #expect(second.unreadable.isEmpty)
        try await stage.post("/unlink", ["jid": .string("\(WebPeer.dana):2@s.whatsapp.net")])
        try await second.wait("unlinked")
    }

    /// Everything is acknowledged, nothing was refused, no key was used twice, and nothing was unreadable to anybody but
    /// what was damaged.
    func nothingLost() async throws {
        try await stage.until("all to be acknowledged") { try await stage.control.isAllAcknowledged() }
        #expect(try await stage.control.faults() == [])
        #expect(try await stage.log("could NOT") == [])
        #expect(try await stage.control.hollowStanzas(of: WebPeer.dana) == [])
        #expect(try await stage.control.askedAgain() == damaged.ids)
        #expect(Set(omer.unreadable).isSubset(of: damaged.ids))
        #expect(dana.heard.unreadable.isEmpty)
    }

    func ending() async throws {
        try await stage.post("/unlink", ["jid": .string("\(WebPeer.dana):1@s.whatsapp.net")])
        try await stage.until("dana to be unlinked") {
            dana.heard.events.contains { if case .unlinked = $0 { true } else { false } }
        }
        try await omer.perform("logout")
        try await stage.until("omer to be gone") {
            try await stage.get("/devices").items?.allSatisfy { $0["jid"]?.text?.hasPrefix(WebPeer.omer) != true }
                == true
        }
    }
}
