import Foundation
import Synchronization
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

/// Dana's and Omer's clients, and what they do: the laboratory's own scenario, step by step.
struct LabScenario: Sendable {
    static let dana = JID.phoneNumber("15550000001")
    static let omer = JID.phoneNumber("15550000002")
    static let noa = JID.phoneNumber("15550000003")

    let lab: Lab
    let dana: LabClient
    let omer: LabClient
    let damaged: Damaged

    /// The messages that were damaged on purpose, by id; nothing else may be unreadable.
    final class Damaged: Sendable {
        private let state = Mutex<Set<String>>([])
        var ids: Set<String> { state.withLock { $0 } }
        func note(_ id: String) { state.withLock { _ = $0.insert(id) } }
    }

    /// Lets a phone write.
    func phone(of user: JID, writes text: String, to chat: JID) async throws -> String {
        let answer = try await lab.post(
            "/phone/send", ["account": user.user, "to": chat.description, "text": text])
        return answer["id"] as? String ?? ""
    }

    func direct() async throws {
        let sent = try await dana.client.send(OutgoingMessage(.text("hello")), to: Self.omer)
        let got = try await omer.message { $0.id == sent.id }
        #expect(got.content.text == "hello" && got.senderPhone == Self.dana)
        // Of Omer's phone, and of his client.
        try await dana.until { $0.receipts(.delivered, of: sent.id).count == 2 }
        try await omer.client.markRead([got.reference])
        try await dana.until { $0.receipts(.read, of: sent.id).count == 1 }
        let answer = try await omer.client.send(OutgoingMessage(.text("and back")), to: got.chat)
        _ = try await dana.message { $0.id == answer.id && $0.content.text == "and back" }
        var last = ""
        for turn in 0..<5 {
            let (one, other, to) = turn % 2 == 1 ? (dana, omer, Self.omer) : (omer, dana, Self.dana)
            last = try await one.client.send(OutgoingMessage(.text("turn \(turn)")), to: to).id
            let id = last
            _ = try await other.message { $0.id == id && $0.content.text == "turn \(turn)" }
        }
        // Both sides have heard of one another by now: the last needs no prekeys.
        let lines = try await lab.log(#"id="\#(last)""#)
        let delivered = lines.filter { $0.hasPrefix("-> \(Self.dana.user):1@") && $0.contains("<enc") }
        #expect(delivered.count == 1 && delivered.allSatisfy { $0.contains(#"type="msg""#) && !$0.contains("pkmsg") })
    }

    func group() async throws {
        let group = try await dana.client.createGroup("Lab", members: [Self.omer]).group.id
        _ = try await omer.groupChange { if case .created = $0 { true } else { false } }
        let sent = try await dana.client.send(OutgoingMessage(.text("to the group")), to: group)
        let got = try await omer.message { $0.id == sent.id }
        #expect(got.content.text == "to the group" && got.chat == group)
        let answer = try await omer.client.send(OutgoingMessage(.text("from omer")), to: group)
        _ = try await dana.message { $0.id == answer.id && $0.content.text == "from omer" }
    }

    func media() async throws {
        let picture = (0..<5_000).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ $0 >> 8) }
        let media = try await dana.client.upload(.bytes(picture), as: .image, mimeType: "image/png")
        try await dana.client.send(OutgoingMessage(.image(ImageContent(media, caption: "red"))), to: Self.omer)
        let seen = try await omer.picture { $0.caption == "red" }
        #expect(try await omer.client.download(seen, limit: 1 << 20) == picture)
    }

    func phone() async throws {
        let texts = try await lab.texts(on: Self.omer)
        #expect(texts.contains("hello") && texts.contains("to the group"))
        let sent = try await phone(of: Self.dana, writes: "typed on the phone", to: Self.omer)
        _ = try await omer.message { $0.id == sent && $0.content.text == "typed on the phone" }
        let own = try await dana.message { $0.id == sent }
        #expect(own.isFromMe && own.content.text == "typed on the phone")
    }

    // MARK: - Damage

    /// Damages what comes next to a device, so many times, and lets `send` send it; `reader` reads it nevertheless.
    func damage(
        _ device: String, _ count: Int = 1, for reader: LabClient? = nil, _ send: () async throws -> String
    ) async throws {
        try await lab.post("/corrupt", ["jid": "\(device)@s.whatsapp.net", "count": count])
        let id = try await send()
        damaged.note(id)
        guard let reader else { return }
        _ = try await reader.message { $0.id == id && $0.content.text == "damaged" }
        let asked = try await lab.log(#"type="retry""#).filter {
            $0.hasPrefix("<- \(device)@") && $0.contains(#" id="\#(id)""#)
        }
        #expect(asked.count == count)
    }

    func retries() async throws {
        let damaged = OutgoingMessage(.text("damaged"))
        try await damage("\(Self.omer.user):1", for: omer) { try await dana.client.send(damaged, to: Self.omer).id }
        try await damage("\(Self.dana.user):1", for: dana) { try await omer.client.send(damaged, to: Self.dana).id }
        try await damage("\(Self.omer.user):1", 2, for: omer) {
            try await dana.client.send(damaged, to: Self.omer).id
        }
        try await damage("\(Self.omer.user):1", 2, for: omer) {
            try await phone(of: Self.dana, writes: "damaged", to: Self.omer)
        }
        try await damage(Self.omer.user) {
            try await dana.client.send(OutgoingMessage(.text("damaged for the phone")), to: Self.omer).id
        }
        try await lab.until("omer's phone to read it") {
            try await lab.texts(on: Self.omer).contains("damaged for the phone")
        }
        #expect(try await lab.log("phone \(Self.omer.user) could NOT decrypt").count == 1)
    }

    // MARK: - The end

    func allAcknowledged() async throws {
        try await lab.until("all to be acknowledged") { try await lab.isAllAcknowledged() }
    }

    /// Nothing was unreadable or asked for again but what was damaged, and the server understood everything.
    func nothingLost() async throws {
        #expect(try await lab.askedAgain() == damaged.ids)
        #expect(dana.events.unreadable.isEmpty && omer.events.unreadable.isEmpty)
        #expect(try await lab.log("could NOT").count == 1)
        for sign in ["UNHANDLED", "HANDLER FAILED"] { #expect(try await lab.log(sign) == []) }
    }

    func removal() async throws {
        try await dana.client.logOut()
        try await lab.until("dana to be gone") { try await lab.devices(of: Self.dana).isEmpty }
    }
}

extension LabClient {
    /// The receipts of one kind for a message.
    func receipts(_ kind: MessageReceipt.Kind, of id: String) -> [MessageReceipt] {
        events.all.compactMap {
            if case .receipt(let receipt) = $0, receipt.kind == kind, receipt.messageIDs.contains(id) { receipt } else {
                nil
            }
        }
    }
}
