import Foundation
import Testing
import WhatsAppWire

@testable import WhatsAppWeb

extension LabTests {
    private static let dana = JID.phoneNumber("15550000001")
    private static let omer = JID.phoneNumber("15550000002")

    /// Two linked clients.
    private func two(_ body: @escaping @Sendable (Lab, LabClient, LabClient) async throws -> Void) async throws {
        try await Lab.running { lab in
            try await lab.post("/account", ["number": Self.dana.user, "name": "Dana"])
            try await lab.post("/account", ["number": Self.omer.user, "name": "Omer"])
            try await LabClient.linked(to: lab, as: Self.dana.user) { dana in
                try await LabClient.linked(to: lab, as: Self.omer.user) { omer in
                    try await omer.until { await $0.client.isAvailable }
                    try await body(lab, dana, omer)
                }
            }
        }
    }

    @Test func `shows writing, presence and reading`() async throws {
        try await two { lab, dana, omer in
            try await dana.client.watchPresence(of: Self.omer)
            try await dana.notice { if case .presence(_, isOnline: true, _) = $0 { true } else { false } }
            try await omer.client.setOnline(false)
            try await dana.notice { if case .presence(_, isOnline: false, .some) = $0 { true } else { false } }
            for state in [TypingState.typing, .recording, .paused] {
                try await dana.client.show(state, in: Self.omer)
                try await omer.notice { if case .typing(_, _, state) = $0 { true } else { false } }
            }
            let sent = try await dana.client.send(OutgoingMessage(.text("shalom")), to: Self.omer)
            let message = try await omer.message { $0.content.text == "shalom" }
            try await omer.client.markRead([message.reference])
            let receipt: MessageReceipt = try await dana.event {
                if case .receipt(let receipt) = $0, receipt.kind == .read { receipt } else { nil }
            }
            #expect(receipt.messageIDs == [sent.id] && !receipt.isFromMe)
            try await omer.client.markPlayed([message.reference])
            _ = try await dana.event {
                if case .receipt(let receipt) = $0, receipt.kind == .played { true } else { nil }
            }
        }
    }

    @Test func `looks up users, blocks them, and gives tokens to whom it writes`() async throws {
        try await two { lab, dana, omer in
            try await omer.client.setAbout("busy")
            let found = try await dana.client.lookUp(["+1 555 000-0002", "15550000009"])
            #expect(found.map(\.isOnWhatsApp) == [true, false])
            #expect(found[0].about == "busy" && found[0].lid != nil)
            #expect(try await dana.client.profilePicture(of: Self.omer) == nil)
            #expect(try await dana.client.setBlocked(true, Self.omer).users.count == 1)
            #expect(try await dana.client.blockList().users == [found[0].lid])
            #expect(try await dana.client.setBlocked(false, Self.omer).users.isEmpty)
            try await dana.client.send(OutgoingMessage(.text("shalom")), to: Self.omer)
            let danaLID = try #require(await dana.client.account?.lid.withoutDevice)
            try await omer.until { !$0.store.load([StoreKey(.privacyToken, danaLID.description)]).isEmpty }
            try await dana.client.send(OutgoingMessage(.text("again")), to: Self.omer)
            _ = try await omer.message { $0.content.text == "again" }
            #expect(try await (lab.get("/log?match=trusted_contact%22%20jid") as? [Any])?.count ?? 0 <= 2)
        }
    }

    @Test func `logs out`() async throws {
        try await two { _, dana, _ in
            try await dana.client.logOut()
            let reason: UnlinkReason = try await dana.event {
                if case .unlinked(let reason) = $0 { reason } else { nil }
            }
            #expect(reason == .removed)
            #expect(await dana.client.account == nil)
        }
    }

    @Test func `forgets the sessions of a user whose identity changed, and begins new ones`() async throws {
        try await two { lab, dana, omer in
            try await dana.client.send(OutgoingMessage(.text("before")), to: Self.omer)
            _ = try await omer.message { $0.content.text == "before" }
            let lid = try #require(await omer.client.account?.lid.withoutDevice)
            let phone = StoreKey(.session, lid.signalAddress)
            #expect(!dana.store.load([phone]).isEmpty)
            try await lab.post(
                "/send-stanza",
                [
                    "jid": dana.client.account?.phoneNumber.description ?? "",
                    "stanza": [
                        "tag": "notification",
                        "attrs": ["from": lid.description, "type": "encrypt", "id": "I1", "t": "1"],
                        "content": [["tag": "identity"] as [String: any Sendable]],
                    ] as [String: any Sendable],
                ])
            let changed: JID = try await dana.event {
                if case .identityChanged(let user) = $0 { user } else { nil }
            }
            #expect(changed == lid)
            #expect(dana.store.load([phone]).isEmpty)
            #expect(await dana.client.sessions[session: lid.signalAddress] == nil)
            try await dana.client.send(OutgoingMessage(.text("after")), to: Self.omer)
            _ = try await omer.message { $0.content.text == "after" }
            try await lab.post(
                "/phone/send", ["account": Self.omer.user, "to": Self.dana.description, "text": "still here"])
            _ = try await dana.message { $0.content.text == "still here" }
        }
    }
}
