import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

/// Names, lookups, changes of messages, groups, other devices, and absence.
extension LabScenario {
    func settings() async throws {
        try await dana.client.setPushName("Dana the Second")
        let hex = Data("Dana the Second".utf8).map { byte in
            let text = String(byte, radix: 16)
            return text.count == 1 ? "0" + text : text
        }.joined()
        try await lab.until("dana's phone to take the name") {
            let state = try await lab.get("/phone/app-state?account=\(Self.dana.user)") as? [String: [String: Any]]
            let actions = state?["critical_block"]?["actions"] as? [String: String]
            return actions?[#"["setting_pushName"]"#]?.contains(hex) == true
        }
        let found = try await dana.client.lookUp([Self.omer.user, "15559999999"])
        #expect(found.map(\.isOnWhatsApp) == [true, false])
        try await omer.client.watchPresence(of: Self.dana)
        try await omer.notice { if case .presence(_, isOnline: true, _) = $0 { true } else { false } }
        try await dana.client.show(.typing, in: Self.omer)
        try await omer.notice { if case .typing(_, _, .typing) = $0 { true } else { false } }
    }

    func changes() async throws {
        let sent = try await dana.client.send(OutgoingMessage(.text("to be changed")), to: Self.omer)
        let got = try await omer.message { $0.id == sent.id }
        let own = MessageReference(id: sent.id, chat: Self.omer, sender: Self.dana, isFromMe: true)
        try await dana.client.send(OutgoingMessage(.edit(own, TextContent("changed"))), to: Self.omer)
        _ = try await omer.message {
            if case .edit(let edit) = $0.content { edit.target.id == sent.id && edit.content.text == "changed" } else {
                false
            }
        }
        try await omer.client.send(OutgoingMessage(.reaction(Reaction("👍", to: got.reference))), to: got.chat)
        _ = try await dana.message {
            if case .reaction(let reaction) = $0.content { reaction.emoji == "👍" && reaction.target.isFromMe } else {
                false
            }
        }
        try await dana.client.send(OutgoingMessage(.revoke(own)), to: Self.omer)
        _ = try await omer.message {
            if case .revoke(let revocation) = $0.content { revocation.target.id == sent.id } else { false }
        }
    }

    func groups() async throws {
        try await lab.post("/account", ["number": Self.noa.user, "name": "Noa"])
        let group = try await dana.client.createGroup("Three", members: [Self.omer]).group.id
        try await dana.client.change([Self.noa], of: group, .add)
        _ = try await omer.groupChange { if case .added = $0 { true } else { false } }
        let sent = try await phone(of: Self.noa, writes: "from noa's phone", to: group)
        for client in [dana, omer] { _ = try await client.message { $0.id == sent && $0.chat == group } }
        let damaged = OutgoingMessage(.text("damaged"))
        try await damage("\(Self.omer.user):1", for: omer) { try await dana.client.send(damaged, to: group).id }
        try await damage("\(Self.omer.user):1", for: omer) {
            try await phone(of: Self.noa, writes: "damaged", to: group)
        }
        try await groupByNumber()
    }

    /// A group whose members are named by their phone numbers.
    private func groupByNumber() async throws {
        try await lab.post("/options", ["default_addressing": "pn"])
        let group = try await dana.client.createGroup("By number", members: [Self.omer, Self.noa]).group
        try await lab.post("/options", ["default_addressing": "lid"])
        #expect(group.participants.allSatisfy { $0.jid.isPhoneNumber })
        let sent = try await dana.client.send(OutgoingMessage(.text("numbers")), to: group.id)
        let got = try await omer.message { $0.id == sent.id }
        #expect(got.content.text == "numbers" && got.sender == Self.dana)
        let answer = try await omer.client.send(OutgoingMessage(.text("numbers too")), to: group.id)
        #expect(try await dana.message { $0.id == answer.id }.sender == Self.omer)
        let phones = try await phone(of: Self.noa, writes: "and noa", to: group.id)
        for client in [dana, omer] {
            #expect(try await client.message { $0.id == phones }.sender == Self.noa)
        }
        try await lab.until("noa's phone to read both") {
            try await Set(lab.texts(on: Self.noa)).isSuperset(of: ["numbers", "numbers too"])
        }
        try await damage("\(Self.omer.user):1", for: omer) {
            try await dana.client.send(OutgoingMessage(.text("damaged")), to: group.id).id
        }
    }

    func secondDevice() async throws {
        let lab = lab, dana = dana, omer = omer
        try await LabClient.linked(to: lab, as: Self.dana.user, byCode: true, wantsHistory: true) { second in
            try await second.until { client in
                let texts = client.events.all.flatMap { event -> [String] in
                    guard case .history(.messages(_, let messages)) = event else { return [] }
                    return messages.compactMap(\.content.text)
                }
                return Set(texts).isSuperset(of: ["hello", "to the group"])
            }
            _ = try await second.event { $0.appState == .pushName("Dana the Second") ? true : nil }

            let sent = try await omer.client.send(OutgoingMessage(.text("to both")), to: Self.dana)
            for client in [dana, second] { _ = try await client.message { $0.id == sent.id } }
            let theirs = try await second.client.send(OutgoingMessage(.text("from the second")), to: Self.omer)
            _ = try await omer.message { $0.id == theirs.id && $0.content.text == "from the second" }
            #expect(try await dana.message { $0.id == theirs.id }.isFromMe)
            try await lab.until("all to be acknowledged") { try await lab.isAllAcknowledged() }
            #expect(second.events.unreadable.isEmpty)

            try await lab.post("/unlink", ["jid": "\(Self.dana.user):2@s.whatsapp.net"])
            let reason: UnlinkReason = try await second.event {
                if case .unlinked(let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .removed)
            let after = try await omer.client.send(OutgoingMessage(.text("to one again")), to: Self.dana)
            _ = try await dana.message { $0.id == after.id }
        }
    }

    /// Writes three texts to somebody whose client does not run.
    static func write(whileAway user: JID, to lab: Lab, from client: LabClient) async throws -> [String] {
        try await lab.until("\(user) to go") { try await !lab.isConnected(user) }
        var ids: [String] = []
        for number in 0..<3 {
            ids.append(try await client.client.send(OutgoingMessage(.text("offline \(number)")), to: user).id)
        }
        return ids
    }

    /// Omer has come back to three messages; then his connection ends.
    func offline(_ waiting: [String]) async throws {
        for (number, id) in waiting.enumerated() {
            #expect(try await omer.message { $0.id == id }.content.text == "offline \(number)")
        }
        try await omer.notice { if case .caughtUp(let count) = $0 { count >= 3 } else { false } }
        let before = omer.events.online
        try await lab.post("/drop", ["jid": "\(Self.omer.user):1@s.whatsapp.net", "code": "503"])
        try await omer.until { $0.events.online > before }
        let sent = try await dana.client.send(OutgoingMessage(.text("after it")), to: Self.omer)
        _ = try await omer.message { $0.id == sent.id }
    }
}
